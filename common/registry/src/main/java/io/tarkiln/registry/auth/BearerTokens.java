package io.tarkiln.registry.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.event.json.Json;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gets bearer tokens from the token service that a registry names (distribution, token auth). */
public record BearerTokens(Transport transport, boolean plainHttp) {
  /** Of a token of which nothing is said (distribution, token authentication specification). */
  private static final long DEFAULT_LIFETIME_SECONDS = 60;

  private static final long MAX_LIFETIME_SECONDS = 24 * 3600;

  /** A token and how long it is good for, from when it was asked for. */
  record Token(String value, Duration lifetime) {
    /** Nothing secret. */
    @Override
    public String toString() {
      return "Token[lifetime=" + lifetime + "]";
    }
  }

  /** A token for these scopes. */
  Token token(Challenge challenge, List<String> scopes, Optional<Credentials> account)
      throws RegistryException {
    URI realm = realm(challenge);
    boolean refresh = account.isPresent() && !account.get().identityToken().isEmpty();
    HttpResponse<byte[]> response =
        refresh
            ? exchange(realm, challenge, scopes, account.get())
            : get(realm, challenge, scopes, account);
    if (response.statusCode() == 400
        || response.statusCode() == 401
        || response.statusCode() == 403) {
      throw new RegistryRefusedException(
          Refusal.UNAUTHORIZED,
          response.statusCode(),
          "",
          "the token service %s does not accept the account%s: check DOCKER_CONFIG"
              .formatted(
                  realm.getHost(),
                  account.map(a -> " '" + a.user() + "'").orElse(" (none given)")));
    }
    if (response.statusCode() != 200) {
      throw new RegistryUnavailableException(
          "the token service %s answered %d".formatted(realm.getHost(), response.statusCode()));
    }
    return read(response.body(), realm);
  }

  private URI realm(Challenge challenge) throws RegistryRefusedException {
    String realm = challenge.parameters().getOrDefault("realm", "");
    try {
      URI uri = new URI(realm);
      boolean secure = "https".equalsIgnoreCase(uri.getScheme());
      boolean allowed = secure || (plainHttp && "http".equalsIgnoreCase(uri.getScheme()));
      if (allowed && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException broken) {
      throw untrusted(broken);
    }
    throw untrusted(null);
  }

  private static RegistryRefusedException untrusted(@Nullable Exception cause) {
    return new RegistryRefusedException(
        Refusal.UNAUTHORIZED,
        "the registry names no token service that speaks https, so no account is sent to it",
        cause);
  }

  private HttpResponse<byte[]> get(
      URI realm, Challenge challenge, List<String> scopes, Optional<Credentials> account)
      throws RegistryException {
    StringBuilder query = new StringBuilder("service=" + service(challenge));
    scopes.forEach(scope -> query.append("&scope=").append(encoded(scope)));
    account.ifPresent(a -> query.append("&account=").append(encoded(a.user())));
    String join = realm.getRawQuery() == null ? "?" : "&";
    URI uri = URI.create(realm + join + query);
    return transport.send(RegistryRequest.of("GET", uri), uri, account.flatMap(Credentials::basic));
  }

  /** Docker's OAuth2 way, for accounts that have a refresh token (distribution, token/oauth). */
  private HttpResponse<byte[]> exchange(
      URI realm, Challenge challenge, List<String> scopes, Credentials account)
      throws RegistryException {
    String form =
        "grant_type=refresh_token&client_id=tarkiln&service=%s&scope=%s&refresh_token=%s"
            .formatted(
                service(challenge),
                encoded(String.join(" ", scopes)),
                encoded(account.identityToken()));
    return transport.send(
        RegistryRequest.of("POST", realm, "Content-Type", "application/x-www-form-urlencoded")
            .with(form.getBytes(UTF_8)),
        realm,
        Optional.empty());
  }

  private static Token read(byte[] body, URI realm) throws RegistryUnavailableException {
    try {
      JsonNode json = Json.mapper().readTree(body);
      for (String name : List.of("token", "access_token")) {
        String token = json.path(name).asText("");
        if (token.matches("[\\x21-\\x7e]+")) {
          long seconds = json.path("expires_in").asLong(0);
          return new Token(
              token,
              Duration.ofSeconds(
                  seconds < 1
                      ? DEFAULT_LIFETIME_SECONDS
                      : Math.min(seconds, MAX_LIFETIME_SECONDS)));
        }
      }
    } catch (IOException noJson) {
      // Without its cause, which may quote a token.
      throw new RegistryUnavailableException(
          "the token service %s did not answer with JSON".formatted(realm.getHost()));
    }
    throw new RegistryUnavailableException(
        "the token service " + realm.getHost() + " gave no token");
  }

  private static String service(Challenge challenge) {
    return encoded(challenge.parameters().getOrDefault("service", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
