package io.tarkiln.access;

import static io.tarkiln.event.EventType.BUILD_CANCEL_REQUESTED;
import static io.tarkiln.event.EventType.BUILD_FINISHED;
import static io.tarkiln.event.EventType.BUILD_LOG;
import static io.tarkiln.event.EventType.BUILD_REQUESTED;
import static io.tarkiln.event.EventType.BUILD_SUBMITTED;
import static io.tarkiln.event.EventType.DOCKERFILE_REWRITTEN;
import static io.tarkiln.event.EventType.IMAGE_BUILT;
import static io.tarkiln.event.EventType.IMAGE_PUSHED;
import static io.tarkiln.event.EventType.SOURCE_CHECKED_OUT;

import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an account of Kafka's is for, and with it which topics it writes and reads. */
public enum Role {
  /** Asks for builds and waits for them. */
  CI(names(BUILD_REQUESTED, BUILD_CANCEL_REQUESTED), events(), List.of()),
  /** Publishes {@code image-built}, too, for an image that only gets another tag. */
  CHECKOUT_WORKER(
      ofWorker(SOURCE_CHECKED_OUT, IMAGE_BUILT),
      names(BUILD_REQUESTED, BUILD_CANCEL_REQUESTED),
      groups("checkout-worker")),
  DOCKERFILE_REWRITER(
      ofWorker(DOCKERFILE_REWRITTEN),
      names(SOURCE_CHECKED_OUT, BUILD_CANCEL_REQUESTED),
      groups("dockerfile-rewriter")),
  /** Each of its processes hears of every end of a build, in a group of its own. */
  BUILD_SUBMITTER(
      ofWorker(BUILD_SUBMITTED, IMAGE_BUILT),
      names(DOCKERFILE_REWRITTEN, BUILD_CANCEL_REQUESTED, BUILD_FINISHED),
      List.of(
          new Group("tarkiln-build-submitter", true), new Group("tarkiln-cancellation", false))),
  ARTIFACT_PUSHER(
      ofWorker(IMAGE_PUSHED),
      names(IMAGE_BUILT, BUILD_CANCEL_REQUESTED),
      groups("artifact-pusher")),
  /** Looks on. */
  WATCHER(Set.of(), events(), List.of()),
  /** Repairs: replays, sends dead letters again, moves consumer groups. */
  OPERATOR(all(), all(), List.of(new Group("tarkiln-", true)));

  private final Set<String> written;
  private final Set<String> read;
  private final List<Group> groups;

  Role(Set<String> written, Set<String> read, List<Group> groups) {
    this.written = Set.copyOf(written);
    this.read = Set.copyOf(read);
    this.groups = groups;
  }

  /**
   * A consumer group.
   *
   * @param isPrefix whether all are meant whose names begin so
   */
  public record Group(String name, boolean isPrefix) {}

  /** The role's name in documents, and behind {@code tarkiln-} the account's. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names of the topics that it writes, without prefix. */
  public Set<String> written() {
    return written;
  }

  /** Names of the topics that it reads, without prefix. */
  public Set<String> read() {
    return read;
  }

  /** The consumer groups as whose member it reads. */
  public List<Group> groups() {
    return groups;
  }

  private static Set<String> names(EventType... types) {
    return Arrays.stream(types).map(EventType::topic).collect(Collectors.toSet());
  }

  private static Set<String> events() {
    return names(EventType.values());
  }

  private static Set<String> all() {
    return Set.copyOf(new Topics("").all());
  }

  /** What is written by its own stage, and what every stage writes. */
  private static Set<String> ofWorker(EventType... own) {
    return Stream.concat(
            Stream.of(BUILD_LOG.topic(), BUILD_FINISHED.topic(), Topics.DEAD_LETTER),
            names(own).stream())
        .collect(Collectors.toSet());
  }

  private static List<Group> groups(String worker) {
    return List.of(new Group("tarkiln-" + worker, false), new Group("tarkiln-cancellation", false));
  }
}
