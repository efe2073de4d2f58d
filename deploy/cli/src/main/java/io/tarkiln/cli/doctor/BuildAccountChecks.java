package io.tarkiln.cli.doctor;

import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.auth.Authentication;
import io.tarkiln.registry.auth.LimitedToken;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Checks how registries know who speaks, and what that means for what runs in a build. */
record BuildAccountChecks(Settings settings) {
  private static final String WHAT = "accounts";
  private static final String ACCOUNTS = "TARKILN_KANIKO_DOCKER_CONFIG";
  private static final String HANDS_OVER = "TARKILN_ACCOUNTS_IN_BUILDS";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** What is asked for to see what a token is like; it need not be there. */
  private static final Set<String> PROBE = Set.of("repository:tarkiln-doctor/probe:pull");

  /** Base images whose layers are not read yet are read with the token of the run's beginning. */
  private static final Duration SHORT = Duration.ofMinutes(10);

  /** One for each registry that builds use. */
  List<CheckResult> all() {
    return Stream.concat(
            Stream.of(settings.registry(), settings.cacheRepository()),
            settings.proxyProjects().stream())
        .map(name -> name.replaceFirst("/.*", ""))
        .distinct()
        .map(this::check)
        .toList();
  }

  private CheckResult check(String host) {
    RegistrySettings reach =
        RegistrySettings.of(settings).with(RetryPolicy.atOnce(1)).withAnswerIn(TIMEOUT);
    RegistryClient client =
        new RegistryClient(isLoopback(host) ? reach.withPlainHttp(host) : reach);
    try {
      Optional<Credentials> account =
          new DockerConfig(settings.get(ACCOUNTS).map(Path::of)).of(host, "tarkiln-doctor/probe");
      Authentication way = client.authentication(host);
      if (way instanceof Authentication.Tokens tokens) {
        return account.isEmpty()
            ? withoutAccount(host, "gives tokens")
            : tokens(host, tokens.limitedTo(PROBE, account));
      }
      return way instanceof Authentication.None ? open(host) : password(host, account);
    } catch (RegistryException failed) {
      return CheckResult.warn(WHAT, failed.getMessage(), "builds need it: see " + ACCOUNTS);
    }
  }

  private CheckResult tokens(String host, LimitedToken token) {
    if (!token.isWithin(PROBE)) {
      return unlimited(host, "gives tokens that are good for more than they were asked for");
    }
    String said =
        "%s gives tokens: a build gets one for its own repositories, good for %d s"
            .formatted(host, token.lifetime().toSeconds());
    return token.lifetime().compareTo(SHORT) < 0
        ? CheckResult.warn(
            WHAT,
            said,
            "let tokens live as long as builds take: a base image that a later stage begins with is"
                + " read with the first one")
        : CheckResult.ok(WHAT, said);
  }

  private CheckResult password(String host, Optional<Credentials> account) {
    return account.isEmpty()
        ? withoutAccount(host, "wants a password")
        : unlimited(host, "knows passwords and no tokens");
  }

  private CheckResult unlimited(String host, String why) {
    return settings.isOn(HANDS_OVER, false)
        ? CheckResult.warn(
            WHAT,
            "%s %s, so that whatever runs in a build can read the account".formatted(host, why),
            "the account may have no right to push releases; better use a registry with tokens")
        : CheckResult.warn(
            WHAT,
            "%s %s, so that builds use it without an account and keep no layers there"
                .formatted(host, why),
            "use a registry with tokens (Harbor, distribution), or set %s=true and know that builds can read the account"
                .formatted(HANDS_OVER));
  }

  private static CheckResult withoutAccount(String host, String how) {
    return CheckResult.ok(
        WHAT, "%s %s, and builds have no account there (%s)".formatted(host, how, ACCOUNTS));
  }

  private static CheckResult open(String host) {
    String said = host + " wants no account: what runs in a build may do what everybody may";
    return isLoopback(host)
        ? CheckResult.ok(WHAT, said)
        : CheckResult.warn(WHAT, said, "let it want accounts, with tokens");
  }

  private static boolean isLoopback(String host) {
    return host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
  }
}
