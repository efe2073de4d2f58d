package io.tarkiln.kaniko.access;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.ImageReference;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.access.RunAccess.Login;
import io.tarkiln.policy.Policies;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.auth.Authentication;
import io.tarkiln.registry.auth.LimitedToken;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Asks each registry that there is an account for to give a token for just what the run needs. The
 * account itself goes to a run only where the operator says so and the registry has no such tokens.
 * Builds of revisions that the policy does not protect take layers from the cache and leave none.
 *
 * @param accounts for builds
 * @param handsOverAccounts whether a run gets the account of a registry that limits no tokens
 */
public record TokenAccessIssuer(
    KanikoSettings settings,
    RegistryClient client,
    DockerConfig accounts,
    Policies policies,
    boolean handsOverAccounts)
    implements AccessIssuer {
  /** Names the file with the accounts. */
  public static final String ACCOUNTS = "TARKILN_KANIKO_DOCKER_CONFIG";

  /** Says whether accounts are handed over where tokens are not limited. */
  public static final String HANDS_OVER = "TARKILN_ACCOUNTS_IN_BUILDS";

  /** How often an account is looked up that may have changed. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

  /**
   * From {@code TARKILN_KANIKO_DOCKER_CONFIG} (a {@code config.json}), {@code
   * TARKILN_ACCOUNTS_IN_BUILDS} and what {@link KanikoSettings}, {@link RegistrySettings} and
   * {@link Policies} read.
   */
  public static AccessIssuer of(Settings settings) {
    return new TokenAccessIssuer(
        KanikoSettings.of(settings),
        new RegistryClient(RegistrySettings.of(settings)),
        new DockerConfig(settings.get(ACCOUNTS).map(Path::of)),
        Policies.of(settings),
        settings.isOn(HANDS_OVER, false));
  }

  @Override
  public RunAccess issue(KanikoRun run) throws RejectedException, UnavailableException {
    boolean isTrusted = policies.trusts(run.workload(), run.event().data().plan().revision());
    NeededActions needed = new NeededActions(settings);
    Collected collected = new Collected(needed.cache(run).registry());
    for (Map.Entry<String, Set<String>> each : needed.of(run, isTrusted).entrySet()) {
      try {
        Optional<Credentials> account = account(each.getKey(), each.getValue(), needed.cache(run));
        if (account.isPresent()) {
          add(collected, each.getKey(), each.getValue(), account.get());
        }
      } catch (RegistryRefusedException refused) {
        throw new RejectedException(
            Reason.AUTHENTICATION_REFUSED,
            "%s gives no token for a build of %s, see %s: %s"
                .formatted(each.getKey(), run.service(), ACCOUNTS, refused.getMessage()),
            refused);
      } catch (RegistryException away) {
        throw new UnavailableException(
            "no token for a build of %s: %s".formatted(run.service(), away.getMessage()), away);
      }
    }
    return isTrusted
        ? collected.access(NeededActions.push(needed.cache(run)))
        : collected.accessToRead();
  }

  /** One account for all that is needed of a registry: that for the cache, if that is there. */
  private Optional<Credentials> account(String host, Set<String> actions, ImageReference cache)
      throws RegistryException {
    if (host.equals(cache.registry())) {
      return accounts.of(host, cache.repository());
    }
    return accounts.of(host, NeededActions.repository(actions.iterator().next()));
  }

  private void add(Collected collected, String host, Set<String> actions, Credentials account)
      throws RegistryException {
    Authentication way = client.authentication(host);
    if (way instanceof Authentication.Tokens tokens && account.bearer().isEmpty()) {
      LimitedToken token = tokens.limitedTo(actions, Optional.of(account));
      if (token.isWithin(actions)) {
        collected.add(host, token);
        return;
      }
    }
    if (way instanceof Authentication.None) {
      return;
    }
    if (handsOverAccounts) {
      collected.add(host, account);
    } else {
      collected.addNothing(host);
    }
  }

  /** What is known so far of a run's access. */
  private static final class Collected {
    private final String cacheHost;
    private final SortedMap<String, Login> logins = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Duration> lifetime = Optional.empty();
    private Optional<Set<String>> grantedOfCacheHost = Optional.empty();
    private boolean isWithoutCache;

    Collected(String cacheHost) {
      this.cacheHost = cacheHost;
    }

    void add(String host, LimitedToken token) {
      logins.put(key(host), new Login("registrytoken", token.value()));
      expireAfter(token.lifetime());
      if (host.equals(cacheHost)) {
        grantedOfCacheHost = token.granted();
      }
    }

    void add(String host, Credentials account) {
      logins.put(key(host), whole(account));
      expireAfter(LOOK_AGAIN);
    }

    private static Login whole(Credentials account) {
      if (!account.registryToken().isEmpty()) {
        return new Login("registrytoken", account.registryToken());
      }
      return account.identityToken().isEmpty()
          ? new Login("auth", account.basic().orElse("").replaceFirst("^Basic ", ""))
          : new Login("identitytoken", account.identityToken());
    }

    void addNothing(String host) {
      isWithoutCache |= host.equals(cacheHost);
      notes.add(
          "%s cannot limit a token to this build, so that the build uses it without an account%s: an operator may set %s"
              .formatted(host, host.equals(cacheHost) ? " and keeps no layers" : "", HANDS_OVER));
    }

    private void expireAfter(Duration time) {
      lifetime = Optional.of(lifetime.filter(known -> known.compareTo(time) <= 0).orElse(time));
    }

    RunAccess access(String push) {
      boolean isRefused = grantedOfCacheHost.filter(granted -> !granted.contains(push)).isPresent();
      if (isRefused) {
        notes.add(
            "the account for builds may not push to the layer cache, so that no layers are kept: give it %s at %s"
                .formatted(push, cacheHost));
      }
      return new RunAccess(logins, lifetime, !isRefused && !isWithoutCache, notes);
    }

    RunAccess accessToRead() {
      notes.add("the policy does not protect the revision, so that the build keeps no layers");
      return new RunAccess(logins, lifetime, false, notes);
    }

    /** As Docker's configuration calls a registry. */
    private static String key(String host) {
      return host.equals("docker.io") ? "https://index.docker.io/v1/" : host;
    }
  }
}
