package io.tarkiln.e2e.fault;

import io.tarkiln.e2e.stack.ImagePuller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who set a tag that several builds set. At the end it names an image of a build that succeeded,
 * and of none that had ended before another was asked for that succeeded, too. Which of two wins
 * that ran at the same time is open.
 */
final class SharedTag {
  private final List<Setter> setters = new ArrayList<>();
  private final Set<String> images = new HashSet<>();

  private record Setter(
      RequestedBuild build, String image, String digest, Instant asked, Instant announced) {}

  /** What is wrong, and the builds that it is about. */
  record Fault(String what, List<RequestedBuild> builds) {}

  /**
   * A build that has the tag among its own.
   *
   * @param digest that its end tells of the service; empty if nothing may be tagged
   */
  void add(RequestedBuild build, String service, String digest, Instant asked, Instant announced) {
    String image = build.workload() + "/" + service;
    images.add(image);
    if (!digest.isEmpty()) {
      setters.add(new Setter(build, image, digest, asked, announced));
    }
  }

  List<Fault> faults(ImagePuller registry) throws Exception {
    List<Fault> faults = new ArrayList<>();
    for (String image : images) {
      String tagged = registry.digest(image, RequestedBuild.SHARED);
      List<Setter> ours = setters.stream().filter(each -> each.image().equals(image)).toList();
      List<Setter> owners = ours.stream().filter(each -> each.digest().equals(tagged)).toList();
      if (owners.isEmpty() && !(tagged.isEmpty() && ours.isEmpty())) {
        faults.add(
            new Fault(
                "%s:%s is '%s', which none of %d builds has set"
                    .formatted(image, RequestedBuild.SHARED, tagged, ours.size()),
                List.of()));
      }
      for (Setter owner : owners) {
        ours.stream()
            .filter(each -> each.asked().isAfter(owner.announced()))
            .findFirst()
            .ifPresent(
                newer ->
                    faults.add(
                        new Fault(
                            "%s:%s is of a build that had ended when a newer one was asked for%n"
                                .formatted(image, RequestedBuild.SHARED),
                            List.of(owner.build(), newer.build()))));
      }
    }
    return faults;
  }
}
