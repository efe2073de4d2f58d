package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.auth.Authenticator;
import io.tarkiln.registry.auth.BearerTokens;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.Backoff;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.RetryPolicy;
import io.tarkiln.registry.http.Transport;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests about one repository to its registry: authenticates when asked to, follows
 * redirects without taking credentials along, tries again what fails in passing, and turns refusals
 * into outcomes.
 */
public final class RegistryConnection {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryConnection.class);
  private static final int MOST_REDIRECTS = 5;

  private final ImageReference image;
  private final Endpoint endpoint;
  private final Transport wire;
  private final Authenticator login;
  private final RetryPolicy patience;

  RegistryConnection(
      ImageReference image,
      String actions,
      List<String> mountFrom,
      RegistrySettings settings,
      Transport wire) {
    this.image = image;
    this.endpoint = Endpoint.of(image, settings);
    this.wire = wire;
    this.patience = settings.patience();
    // All that will be needed at once: a second token would cost further round trips.
    List<String> scopes = new ArrayList<>();
    scopes.add("repository:" + image.repository() + ":" + actions);
    mountFrom.forEach(other -> scopes.add("repository:" + other + ":pull"));
    this.login =
        new Authenticator(
            image, settings.accounts(), new BearerTokens(wire, endpoint.isPlain()), scopes);
  }

  /**
   * Opens a connection and logs in if the registry wants that, so that it is done when the first
   * request comes. What goes wrong is told by that one.
   */
  public void greet() {
    URI version = endpoint.base().resolve("/v2/");
    try {
      HttpResponse<byte[]> response =
          wire.send(RegistryRequest.of("GET", version), version, login.header());
      if (response.statusCode() == 401) {
        login.renew(Optional.empty(), response);
      }
    } catch (RegistryException failed) {
      LOG.debug("no greeting registry={} message={}", image.registry(), failed.getMessage());
    }
  }

  ImageReference image() {
    return image;
  }

  /** An address below {@code /v2/<repository>/}. */
  URI uri(String path) {
    return endpoint.of(image, path);
  }

  /** An address that an answer of the registry named, perhaps without its host. */
  URI resolve(String location) throws RegistryUnavailableException {
    return endpoint.resolve(endpoint.base(), location);
  }

  /** The waits between attempts at one thing. */
  Backoff backoff() {
    return new Backoff(patience);
  }

  /** Sends a request, again if need be; any answer that is no refusal comes back. */
  HttpResponse<byte[]> send(RegistryRequest ask) throws RegistryException {
    return ErrorMapping.checked(answer(ask), ask.method(), image);
  }

  /**
   * Sends a request, again if need be; any answer that is not about authentication or a redirect
   * comes back. Only for requests that may be repeated.
   */
  HttpResponse<byte[]> answer(RegistryRequest ask) throws RegistryException {
    Backoff backoff = backoff();
    while (true) {
      try {
        HttpResponse<byte[]> response = once(ask);
        if (!Backoff.isPassing(response) || !backoff.pause(Optional.of(response))) {
          return response;
        }
      } catch (RegistryUnavailableException failed) {
        if (!backoff.pause(Optional.empty())) {
          throw failed;
        }
      }
    }
  }

  /** Sends a request one time, though again with a new token or where a redirect leads. */
  HttpResponse<byte[]> once(RegistryRequest ask) throws RegistryException {
    URI at = ask.uri();
    HttpResponse<byte[]> response = authenticated(ask, at);
    for (int i = 0; i < MOST_REDIRECTS && isRedirect(response); i++) {
      at = endpoint.resolve(at, response.headers().firstValue("Location").orElseThrow());
      response = authenticated(ask, at);
    }
    return response;
  }

  private HttpResponse<byte[]> authenticated(RegistryRequest ask, URI at) throws RegistryException {
    if (!endpoint.isOurs(at)) {
      return wire.send(ask, at, Optional.empty());
    }
    Optional<String> used = login.header();
    HttpResponse<byte[]> response = wire.send(ask, at, used);
    if (response.statusCode() != 401) {
      return response;
    }
    login.renew(used, response);
    return wire.send(ask, at, login.header());
  }

  private static boolean isRedirect(HttpResponse<?> response) {
    int status = response.statusCode();
    return (status == 307 || status == 308 || status == 302 || status == 301)
        && response.headers().firstValue("Location").isPresent();
  }
}
