package io.tarkiln.event;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One event of every type, with every field filled. */
public final class EventSamples {
  static final BuildPlan PLAN =
      new BuildPlan(
          "1.4.0",
          List.of("latest"),
          List.of("api", "web"),
          "https://git.example/shop.git",
          "refs/tags/1.4.0",
          "4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a",
          true,
          true);
  static final RunInput INPUT =
      new RunInput(
          "sources/shop/4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a.tar.gz",
          "services/api",
          "services/api/Dockerfile",
          "builds/0/api/Dockerfile",
          Map.of("VERSION", "1.4.0"),
          Optional.of("runtime"),
          true);
  static final BaseImage BASE_IMAGE =
      new BaseImage(
          1,
          "FROM",
          "alpine:3.20",
          "harbor.example.com/dockerhub-proxy/library/alpine:3.20",
          "rewritten",
          Optional.empty());
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  private EventSamples() {}

  public static BuildRequested buildRequested() {
    return new BuildRequested(
        "shop",
        "1.4.0",
        List.of("latest"),
        new BuildRequested.Source("git@github.com:acme/shop.git", "refs/tags/1.4.0"),
        List.of(
            new BuildRequested.RequestedService(
                "api",
                "services/api",
                "services/api/Dockerfile",
                Map.of("VERSION", "1.4.0"),
                Optional.of("runtime"),
                Optional.empty(),
                true),
            new BuildRequested.RequestedService(
                "web", null, null, null, Optional.empty(), Optional.of("latest"))),
        true,
        false,
        Optional.of("main"));
  }

  /** Data of every type. */
  public static List<EventData> everyType() {
    DockerfileRewritten rewritten =
        new DockerfileRewritten(
            "shop",
            "api",
            PLAN,
            INPUT,
            List.of(BASE_IMAGE),
            Optional.of("a problem"),
            List.of(new Warning(3, "copy-link", "the link is copied, not the file it names")));
    return List.of(
        buildRequested(),
        new SourceCheckedOut("shop", "api", PLAN, INPUT),
        rewritten,
        new BuildSubmitted("shop", "api", "local", "shop-api-1", "localhost"),
        new BuildLog("shop", "api", 1, List.of("INFO[0000] Retrieving image", "")),
        ImageBuilt.tar(rewritten, "builds/0/api/image.tar", 93_000_000L),
        new ImagePushed(
            "shop",
            "api",
            "harbor.example.com/shop/api:1.4.0",
            List.of("1.4.0", "latest"),
            DIGEST,
            1024,
            1,
            2,
            3),
        new BuildCancelRequested("shop", Optional.of("a newer build came")),
        BuildFinished.failed(
            "shop",
            "1.4.0",
            "build-submitter",
            Optional.of("api"),
            Reason.BUILD_FAILED,
            "RUN make failed",
            List.of("make: *** [all] Error 2")));
  }

  public static <T extends EventData> Event<T> event(T data) {
    return new Event<>(
        BuildId.next(),
        java.time.Instant.parse("2026-11-24T03:04:05.678Z"),
        "cli",
        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        Optional.of(BuildId.next()),
        data);
  }
}
