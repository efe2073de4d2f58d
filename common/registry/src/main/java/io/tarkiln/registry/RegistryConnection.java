package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.auth.Authenticator;
import io.tarkiln.registry.auth.BearerTokens;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryAnswer;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.RequestRetry;
import io.tarkiln.registry.http.Transport;
import io.tarkiln.retry.RetryPolicy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests about one repository to its registry: authenticates when asked to, follows
 * redirects without taking credentials along, tries again what fails in passing, and turns refusals
 * into exceptions.
 */
public final class RegistryConnection {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryConnection.class);
  private static final int MAX_REDIRECTS = 5;

  private final ImageReference image;
  private final Endpoint endpoint;
  private final Transport transport;
  private final Authenticator authenticator;
  private final RetryPolicy retries;

  RegistryConnection(
      ImageReference image,
      String actions,
      List<String> mountFrom,
      RegistrySettings settings,
      Transport transport) {
    this.image = image;
    this.endpoint = Endpoint.of(image, settings);
    this.transport = transport;
    this.retries = settings.retries();
    // All that will be needed at once: a second token would cost further round trips.
    List<String> scopes = new ArrayList<>();
    scopes.add("repository:" + image.repository() + ":" + actions);
    mountFrom.forEach(other -> scopes.add("repository:" + other + ":pull"));
    this.authenticator =
        new Authenticator(
            image, settings.accounts(), new BearerTokens(transport, endpoint.isPlain()), scopes);
  }

  /**
   * Opens a connection and logs in if the registry wants that, so that it is done when the first
   * request comes. What goes wrong, that one reports.
   */
  public void logIn() {
    URI version = endpoint.base().resolve("/v2/");
    try {
      RegistryAnswer response =
          transport.send(RegistryRequest.of("GET", version), version, authenticator.header());
      if (response.statusCode() == 401) {
        authenticator.renew(Optional.empty(), response);
      }
    } catch (RegistryException failed) {
      LOG.debug("not logged in registry={} message={}", image.registry(), failed.getMessage());
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

  /** Attempts at one thing. */
  RequestRetry retry() {
    return new RequestRetry(retries);
  }

  /** Sends a request, again if need be; any answer that is no refusal comes back. */
  RegistryAnswer send(RegistryRequest request) throws RegistryException {
    return ErrorMapping.checked(answer(request), request.method(), image);
  }

  /**
   * Sends a request, again if need be; any answer that is not about authentication or a redirect
   * comes back. Only for requests that may be repeated.
   */
  RegistryAnswer answer(RegistryRequest request) throws RegistryException {
    RequestRetry retry = retry();
    while (true) {
      try {
        RegistryAnswer response = once(request);
        if (!RequestRetry.isPassing(response) || !retry.pause(Optional.of(response))) {
          return response;
        }
      } catch (RegistryUnavailableException failed) {
        if (!retry.pause(Optional.empty())) {
          throw failed;
        }
      }
    }
  }

  /** Sends a request one time, though again with a new token or where a redirect leads. */
  RegistryAnswer once(RegistryRequest request) throws RegistryException {
    URI at = request.uri();
    RegistryAnswer response = authenticated(request, at);
    for (int i = 0; i < MAX_REDIRECTS && isRedirect(response); i++) {
      at = endpoint.resolve(at, response.headers().firstValue("Location").orElseThrow());
      response = authenticated(request, at);
    }
    return response;
  }

  private RegistryAnswer authenticated(RegistryRequest request, URI at) throws RegistryException {
    if (!endpoint.isOurs(at)) {
      return transport.send(request, at, Optional.empty());
    }
    Optional<String> used = authenticator.header();
    RegistryAnswer response = transport.send(request, at, used);
    if (response.statusCode() != 401) {
      return response;
    }
    authenticator.renew(used, response);
    return transport.send(request, at, authenticator.header());
  }

  private static boolean isRedirect(RegistryAnswer response) {
    int status = response.statusCode();
    return (status == 307 || status == 308 || status == 302 || status == 301)
        && response.headers().firstValue("Location").isPresent();
  }
}
