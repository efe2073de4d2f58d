package io.tarkiln.push;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A build whose images are all in the registry, by their digests: the join of its services.
 *
 * @param cause the event of one of its services
 * @param images by service, in the order of the plan
 * @param keys of all that S3 has of the build
 */
record CompletedBuild(Event<ImageBuilt> cause, Map<String, PushResult> images, List<String> keys) {

  /** Joins the services' images; empty while one is missing. */
  static Optional<CompletedBuild> of(ObjectStore store, Event<ImageBuilt> cause)
      throws UnavailableException {
    BuildId build = cause.build();
    List<String> keys = store.list(ObjectKeys.build(build));
    Map<String, PushResult> images = new LinkedHashMap<>();
    for (String service : cause.data().plan().services()) {
      Optional<PushResult> pushed =
          keys.contains(ObjectKeys.image(build, service))
              ? PushResult.read(store, build, service)
              : Optional.empty();
      if (pushed.isEmpty()) {
        return Optional.empty();
      }
      images.put(service, pushed.get());
    }
    return Optional.of(new CompletedBuild(cause, images, keys));
  }

  BuildId build() {
    return cause.build();
  }

  /** The tags that every image gets, each once. */
  List<String> tags() {
    BuildPlan plan = cause.data().plan();
    return Stream.concat(Stream.of(plan.tag()), plan.extraTags().stream()).distinct().toList();
  }

  /** Every tag of every image. */
  List<TagTransaction.Tag> allTags(ImageRepositories repositories) {
    List<TagTransaction.Tag> all = new ArrayList<>();
    images.forEach(
        (service, pushed) -> {
          for (String tag : tags()) {
            all.add(
                new TagTransaction.Tag(
                    repositories.of(cause.data(), service).withTag(tag), pushed.digest()));
          }
        });
    return all;
  }

  /** Whether it is known what the service was built from. */
  boolean hasInputs(String service) {
    return keys.contains(ObjectKeys.inputs(build(), service));
  }
}
