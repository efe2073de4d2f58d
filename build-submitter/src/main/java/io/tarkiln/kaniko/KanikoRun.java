package io.tarkiln.kaniko;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.RunInput;
import io.tarkiln.image.Digests;
import io.tarkiln.store.ObjectKeys;

/**
 * One run of Kaniko: one service of one build.
 *
 * @param event what asked for it, from which the next event is made
 */
public record KanikoRun(Event<DockerfileRewritten> event) {
  /** Longest service name that leaves room for a build id in a label of 63 characters. */
  private static final int MAX_READABLE = 26;

  private static final int PREFIX_OF_LONG = 17;

  public BuildId build() {
    return event.build();
  }

  public String workload() {
    return event.data().workload();
  }

  public String service() {
    return event.data().service();
  }

  /** Context, Dockerfile, build arguments and target. */
  public RunInput input() {
    return event.data().input();
  }

  /**
   * Whether both are the same run. What the rewriter said of base images may differ: it does where
   * it was told of other proxies between two deliveries.
   */
  public boolean isOfSameInput(KanikoRun other) {
    return event.id().equals(other.event.id())
        && event.data().plan().equals(other.event.data().plan())
        && input().equals(other.input());
  }

  /** Whether layers of RUN instructions are kept in the cache repository and taken from it. */
  public boolean cache() {
    return event.data().plan().cache();
  }

  /** Whether a registry mirror is used where one is configured. */
  public boolean mirror() {
    return event.data().plan().mirror();
  }

  /** S3 key of the image tar. */
  public String imageTarKey() {
    return ObjectKeys.imageTar(build(), service());
  }

  /** S3 key of the whole log. */
  public String logKey() {
    return ObjectKeys.log(build(), service());
  }

  /**
   * The run's name in its engine, always the same for a build and service: the service and the
   * build id, at most 63 characters that Kubernetes takes as a name and as a label.
   */
  public String name() {
    return readable(service()) + "-" + build();
  }

  /**
   * The name of a further go at the run, of at most 63 characters too.
   *
   * @param number from 2 on
   */
  public String name(int number) {
    return readable(service()) + "-" + build().toString().replace("-", "") + "-" + number;
  }

  private static String readable(String service) {
    if (service.length() <= MAX_READABLE) {
      return service;
    }
    return service.substring(0, PREFIX_OF_LONG)
        + "-"
        + Digests.hex(service.getBytes(UTF_8)).substring(0, 8);
  }
}
