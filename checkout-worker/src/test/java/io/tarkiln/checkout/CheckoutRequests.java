package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.samples.SampleEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Requests and settings as the tests need them. */
public final class CheckoutRequests {
  public static final GitSettings.Limits LIMITS =
      new GitSettings.Limits(
          Duration.ofSeconds(20), Duration.ofMinutes(5), 1L << 30, 5, 1 << 20, 100_000, 1 << 20);

  private CheckoutRequests() {}

  /**
   * Asks for services that are written {@code name=context}, or {@code name=context:dockerfile}.
   */
  static Event<BuildRequested> of(String repository, String revision, String... services) {
    BuildRequested.Source source = new BuildRequested.Source(repository, revision);
    return Event.first(BuildId.next(), "cli", SampleEvents.requested("shop", source, services));
  }

  /** Settings under which files of this machine may be read. */
  public static GitSettings settings(Path folder) {
    return settings(folder, Optional.empty(), Optional.empty());
  }

  public static GitSettings settings(
      Path folder, Optional<Path> credentials, Optional<Path> authorities) {
    return new GitSettings(
        folder.resolve("cache"),
        1L << 30,
        new GitSettings.Reach(Set.of(), Set.of("127.0.0.1"), true, true),
        new GitSettings.Secrets(credentials, folder.resolve("ssh"), authorities, Optional.empty()),
        LIMITS,
        true,
        true,
        Duration.ofDays(14));
  }

  /** The same with other limits. */
  static GitSettings with(GitSettings settings, GitSettings.Limits limits) {
    return new GitSettings(
        settings.cache(),
        settings.cacheBytes(),
        settings.reach(),
        settings.secrets(),
        limits,
        settings.submodules(),
        settings.lfs(),
        settings.sourceLifetime());
  }

  /** The same with another reach. */
  static GitSettings with(GitSettings settings, GitSettings.Reach reach) {
    return new GitSettings(
        settings.cache(),
        settings.cacheBytes(),
        reach,
        settings.secrets(),
        settings.limits(),
        settings.submodules(),
        settings.lfs(),
        settings.sourceLifetime());
  }
}
