package io.tarkiln.registry.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * An account at a registry.
 *
 * @param identityToken an OAuth2 refresh token instead of a password; empty where there is none
 * @param registryToken a bearer token that is sent to the registry as it is; empty where there is
 *     none
 */
public record Credentials(
    String user, String password, String identityToken, String registryToken) {
  /** An account without a bearer token of its own. */
  public Credentials(String user, String password, String identityToken) {
    this(user, password, identityToken, "");
  }

  /** Whether there is nothing to authenticate with. */
  boolean isEmpty() {
    return user.isEmpty()
        && password.isEmpty()
        && identityToken.isEmpty()
        && registryToken.isEmpty();
  }

  /** The header for user and password, where the account has them. */
  public Optional<String> basic() {
    String pair = user + ":" + password;
    return user.isEmpty() && password.isEmpty()
        ? Optional.empty()
        : Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  /** The header for a bearer token, where the account is one. */
  public Optional<String> bearer() {
    return registryToken.isEmpty() ? Optional.empty() : Optional.of("Bearer " + registryToken);
  }

  /** Nothing secret. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
