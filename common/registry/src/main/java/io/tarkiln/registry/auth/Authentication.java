package io.tarkiln.registry.auth;

import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.RegistryAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a registry wants to know who speaks, by its answer to {@code GET /v2/} without an account.
 */
public sealed interface Authentication {
  /** Everybody may use it. */
  record None() implements Authentication {}

  /** By user and password with each request. */
  record Password() implements Authentication {}

  /** By tokens of a token service, each for what it was asked for. */
  record Tokens(BearerTokens service, Challenge challenge) implements Authentication {
    /**
     * A token for these actions, such as {@code repository:shop/api:pull}, or for those of them
     * that the account has.
     */
    public LimitedToken limitedTo(Set<String> actions, Optional<Credentials> account)
        throws RegistryException {
      BearerTokens.Token token = service.token(challenge, scopes(actions), account);
      return new LimitedToken(token.value(), token.lifetime(), TokenGrants.of(token.value()));
    }

    /** One scope for each repository, with its actions in one list. */
    private static List<String> scopes(Set<String> actions) {
      Map<String, Set<String>> byResource = new TreeMap<>();
      for (String each : actions) {
        int colon = each.lastIndexOf(':');
        byResource
            .computeIfAbsent(each.substring(0, colon), resource -> new TreeSet<>())
            .add(each.substring(colon + 1));
      }
      return byResource.entrySet().stream()
          .map(each -> each.getKey() + ":" + String.join(",", each.getValue()))
          .toList();
    }
  }

  /** Reads a registry's answer. */
  static Authentication of(String registry, RegistryAnswer answer, BearerTokens service)
      throws RegistryUnavailableException {
    if (answer.statusCode() == 200) {
      return new None();
    }
    Challenge challenge =
        Challenge.of(answer.headers().allValues("WWW-Authenticate"))
            .filter(known -> answer.statusCode() == 401)
            .orElseThrow(
                () ->
                    new RegistryUnavailableException(
                        "%s answered %d to GET /v2/ and named no way to authenticate"
                            .formatted(registry, answer.statusCode())));
    return challenge.scheme().equals("bearer") ? new Tokens(service, challenge) : new Password();
  }
}
