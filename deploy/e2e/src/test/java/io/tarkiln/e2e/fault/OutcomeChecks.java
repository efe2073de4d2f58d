package io.tarkiln.e2e.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.event.EventType;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What must be true of builds that have ended, as seen from outside. */
record OutcomeChecks(TopicHistory history, Journal journal, ImagePuller registry) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STORIES = 3;
  private static final int LOOKS = 2;

  /** Fails with the history of builds of which something is wrong. */
  void check(Collection<RequestedBuild> builds, ObjectStore store) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (RequestedBuild build : builds) {
      List<String> faults = faults(build, store);
      if (!faults.isEmpty()) {
        wrong.add("%s%n  of %s".formatted(String.join("\n", faults), story(build)));
      }
    }
    wrong.addAll(sharedTagFaults(builds));
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          "%d of %d builds are wrong%n%s"
              .formatted(
                  wrong.size(),
                  builds.size(),
                  wrong.stream().limit(STORIES).collect(Collectors.joining("\n\n"))));
    }
  }

  /** All that was seen of a build, in the order of time. */
  String story(RequestedBuild build) {
    return Stream.concat(
            history.of(build.id()).stream().map(history::line),
            journal.all(each -> build.isIn(each.what()) || each.what().startsWith("kill")).stream()
                .map(Journal.Entry::toString))
        .sorted()
        .collect(Collectors.joining("\n    ", build + "\n    ", ""));
  }

  private List<String> faults(RequestedBuild build, ObjectStore store) throws Exception {
    List<String> wrong = new ArrayList<>();
    Set<String> ends =
        history.of(build.id(), EventType.BUILD_FINISHED).stream()
            .map(record -> TopicHistory.id(record) + " " + new String(record.value(), UTF_8))
            .collect(Collectors.toSet());
    if (ends.size() != 1) {
      wrong.add("ends %d times: %s".formatted(ends.size(), ends));
      return wrong;
    }
    JsonNode end = end(build);
    String outcome = end.get("outcome").asText();
    String reason = end.path("reason").asText();
    boolean isExpected =
        switch (outcome) {
          case "succeeded" -> !build.fails();
          case "failed" -> build.fails() && reason.equals("build-failed");
          case "cancelled" -> build.cancelled().get();
          default -> false;
        };
    if (!isExpected) {
      wrong.add("must not end so: " + end);
    }
    for (Map.Entry<String, RequestedBuild.Kind> service : build.services().entrySet()) {
      wrong.addAll(faults(build, service.getKey(), end));
      if (outcome.equals("succeeded") && service.getValue() != RequestedBuild.Kind.RETAGGED) {
        logFault(build, service.getKey(), store).ifPresent(wrong::add);
      }
    }
    return wrong;
  }

  private JsonNode end(RequestedBuild build) throws IOException {
    return JSON.readTree(history.of(build.id(), EventType.BUILD_FINISHED).get(0).value());
  }

  private List<String> sharedTagFaults(Collection<RequestedBuild> builds) throws Exception {
    SharedTag shared = new SharedTag();
    for (RequestedBuild build : builds) {
      if (build.sharesTag()) {
        JsonNode end = end(build);
        Instant asked = first(build, EventType.BUILD_REQUESTED);
        Instant announced = first(build, EventType.BUILD_FINISHED);
        for (String service : build.services().keySet()) {
          shared.add(build, service, digest(end, service), asked, announced);
        }
      }
    }
    List<String> wrong = new ArrayList<>();
    for (SharedTag.Fault fault : shared.faults(registry)) {
      wrong.add(
          fault.what()
              + fault.builds().stream().map(this::story).collect(Collectors.joining("\n  of ")));
    }
    return wrong;
  }

  private Instant first(RequestedBuild build, EventType type) {
    return Instant.ofEpochMilli(
        history.of(build.id(), type).stream()
            .mapToLong(ConsumerRecord::timestamp)
            .min()
            .orElseThrow());
  }

  private List<String> faults(RequestedBuild build, String service, JsonNode end) throws Exception {
    List<String> wrong = new ArrayList<>();
    String digest = digest(end, service);
    boolean isReleased = end.get("outcome").asText().equals("succeeded");
    if (isReleased == digest.isEmpty()) {
      wrong.add("%s has the digest '%s' in %s".formatted(service, digest, end));
    }
    for (String tag : build.tags()) {
      String tagged = registry.digest(build.workload() + "/" + service, tag);
      if (!tagged.equals(digest)) {
        wrong.add("%s:%s is '%s', not '%s'".formatted(service, tag, tagged, digest));
      }
    }
    Set<String> pushed =
        history.of(build.id(), EventType.IMAGE_PUSHED).stream()
            .filter(record -> TopicHistory.id(record).endsWith("/" + service))
            .map(OutcomeChecks::pushedDigest)
            .collect(Collectors.toSet());
    if (!pushed.equals(isReleased ? Set.of(digest) : Set.of())) {
      wrong.add("%s is announced as pushed as %s, not '%s'".formatted(service, pushed, digest));
    }
    needlessRun(build, service).ifPresent(wrong::add);
    return wrong;
  }

  private static String pushedDigest(ConsumerRecord<String, byte[]> record) {
    try {
      return JSON.readTree(record.value()).get("digest").asText();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** What the outcome says that a service's tags name; empty where nothing may be tagged. */
  private static String digest(JsonNode end, String service) {
    for (JsonNode image : end.get("images")) {
      if (image.get("service").asText().equals(service)) {
        return image.get("digest").asText();
      }
    }
    return "";
  }

  /**
   * Who runs Kaniko looks for the image when the record comes and again at the run's turn, and both
   * times there must be none. That is good for one run of that process: one that starts again, or
   * is to run again, looks again. So a run is repeated only by one who looked before the image was
   * in S3.
   */
  private Optional<String> needlessRun(RequestedBuild build, String service) {
    String begin = "begin/%s/%s".formatted(build.id(), service);
    String look = "/%s -> ".formatted(ObjectKeys.imageTar(build.build(), service));
    Map<String, Integer> foundNone = new HashMap<>();
    for (Journal.Entry each : journal.all(any -> isAbout(any.what(), begin, look))) {
      String who = each.who();
      if (each.what().equals(begin)) {
        int looks = foundNone.getOrDefault(who, 0);
        if (looks < LOOKS) {
          return Optional.of(
              "%s is built by %s after %d looks for its image in S3 that found none, not %d"
                  .formatted(service, who, looks, LOOKS));
        }
        foundNone.remove(who);
      } else if (each.what().endsWith(" 404")) {
        foundNone.merge(who, 1, Integer::sum);
      } else if (each.what().endsWith(" 200")) {
        foundNone.remove(who);
      }
    }
    return Optional.empty();
  }

  private static boolean isAbout(String what, String begin, String look) {
    return what.equals(begin) || what.startsWith("HEAD ") && what.contains(look);
  }

  private static Optional<String> logFault(RequestedBuild build, String service, ObjectStore store)
      throws Exception {
    String log =
        store
            .read(ObjectKeys.log(build.build(), service))
            .map(bytes -> new String(bytes, UTF_8))
            .orElse("");
    String run = build.id() + "/" + service;
    boolean isWhole =
        log.contains("first line of " + run)
            ? log.contains("last line of " + run)
            : log.contains("INFO"); // Kaniko itself
    return isWhole
        ? Optional.empty()
        : Optional.of("the log of %s is not whole: '%s'".formatted(service, log));
  }
}
