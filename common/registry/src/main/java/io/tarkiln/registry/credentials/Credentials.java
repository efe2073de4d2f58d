package io.tarkiln.registry.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * An account at a registry.
 *
 * @param identityToken an OAuth2 refresh token instead of a password; empty where there is none
 */
public record Credentials(String user, String password, String identityToken) {
  public String basic() {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  /** Nothing secret. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
