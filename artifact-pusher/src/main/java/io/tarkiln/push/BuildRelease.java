package io.tarkiln.push;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.ImagePushed;
import io.tarkiln.registry.ImageReference;
import io.tarkiln.registry.Manifests;
import io.tarkiln.stage.Events;
import io.tarkiln.stage.Outcomes;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ends a build once all its images are in the registry: sets their tags, tells of them, and writes
 * the outcome, in this order. Two that find themselves last do the same twice, which changes
 * nothing.
 */
public record BuildRelease(
    ObjectStore store, ImagePusher pusher, ImageNames names, Events events, Outcomes outcomes) {
  void releaseIfWhole(Event<ImageBuilt> event) throws RejectedException, UnavailableException {
    Optional<Map<String, PushedImage>> whole = images(event);
    if (whole.isEmpty()) {
      return;
    }
    Map<String, Manifests.Stored> manifests = manifests(event.data(), whole.get());
    // It may have failed or been cancelled while this push was under way.
    if (outcomes.of(event.build()).isPresent()) {
      return;
    }
    List<Event<?>> pushed = new ArrayList<>();
    List<BuildFinished.FinishedImage> finished = new ArrayList<>();
    for (Map.Entry<String, PushedImage> each : whole.get().entrySet()) {
      ImagePushed told =
          tagged(event.data(), each.getKey(), each.getValue(), manifests.get(each.getKey()));
      pushed.add(event.next(PushStep.STAGE, told));
      finished.add(new BuildFinished.FinishedImage(told.service(), told.image(), told.digest()));
    }
    events.tellAll(pushed);
    outcomes.end(
        event,
        BuildFinished.succeeded(
            event.data().workload(), event.data().plan().tag(), PushStep.STAGE, finished));
  }

  /** The manifests of all services, all of them fetched before the first gets a tag. */
  private Map<String, Manifests.Stored> manifests(ImageBuilt built, Map<String, PushedImage> images)
      throws RejectedException, UnavailableException {
    Map<String, Manifests.Stored> manifests = new HashMap<>();
    for (Map.Entry<String, PushedImage> each : images.entrySet()) {
      manifests.put(
          each.getKey(), pusher.manifest(names.of(built, each.getKey()), each.getValue().digest()));
    }
    return manifests;
  }

  /** What is in the registry of each service, if all are. */
  private Optional<Map<String, PushedImage>> images(Event<ImageBuilt> event)
      throws UnavailableException {
    List<String> there = store.list(Keys.build(event.build()));
    Map<String, PushedImage> images = new LinkedHashMap<>();
    for (String service : event.data().plan().services()) {
      String key = Keys.image(event.build(), service);
      Optional<byte[]> json = there.contains(key) ? store.read(key) : Optional.empty();
      if (json.isEmpty()) {
        return Optional.empty();
      }
      images.put(service, PushStep.read(json.get()));
    }
    return Optional.of(images);
  }

  private ImagePushed tagged(
      ImageBuilt built, String service, PushedImage pushed, Manifests.Stored manifest)
      throws RejectedException, UnavailableException {
    BuildPlan plan = built.plan();
    ImageReference image = names.of(built, service);
    List<String> tags =
        Stream.concat(Stream.of(plan.tag()), plan.extraTags().stream()).distinct().toList();
    for (String tag : tags) {
      pusher.tag(image.withTag(tag), manifest);
    }
    return new ImagePushed(
        built.workload(),
        service,
        image.toString(),
        tags,
        pushed.digest(),
        pushed.bytesSent(),
        pushed.blobsSent(),
        pushed.blobsMounted(),
        pushed.blobsSkipped());
  }
}
