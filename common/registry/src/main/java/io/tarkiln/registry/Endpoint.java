package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.net.URI;

/**
 * Where a registry listens, and which addresses are still its own: an account goes nowhere else.
 *
 * @param base scheme and host, perhaps with a port
 */
record Endpoint(URI base) {
  static Endpoint of(ImageReference image, RegistrySettings settings) {
    boolean plain = settings.plainHttp().contains(image.registry());
    // Docker Hub's name in references is not the one of its API.
    String host = image.registry().equals("docker.io") ? "registry-1.docker.io" : image.registry();
    return new Endpoint(URI.create((plain ? "http://" : "https://") + host));
  }

  boolean isPlain() {
    return base.getScheme().equals("http");
  }

  /** An address below {@code /v2/<repository>/}. */
  URI of(ImageReference image, String path) {
    return base.resolve("/v2/" + image.repository() + "/" + path);
  }

  boolean isOurs(URI uri) {
    return base.getScheme().equalsIgnoreCase(uri.getScheme()) && isOurHost(uri);
  }

  /**
   * An address that the registry named, perhaps without its host. Behind a proxy that ends TLS it
   * may believe that it is spoken to in plain HTTP; we stay with TLS.
   *
   * @throws RegistryUnavailableException when it is none that we would follow
   */
  URI resolve(URI from, String location) throws RegistryUnavailableException {
    URI uri;
    try {
      uri = from.resolve(location);
    } catch (IllegalArgumentException broken) {
      throw new RegistryUnavailableException(
          base.getAuthority() + " names an address that is none");
    }
    boolean isPlain = "http".equalsIgnoreCase(uri.getScheme());
    if (isPlain && !isPlain() && sameName(uri)) {
      return URI.create(base + uri.getRawPath() + query(uri));
    }
    if (uri.getHost() == null
        || !("https".equalsIgnoreCase(uri.getScheme()) || isPlain && isPlain())) {
      throw new RegistryUnavailableException(
          "%s leads to an address without TLS, which is not followed"
              .formatted(base.getAuthority()));
    }
    return uri;
  }

  private boolean isOurHost(URI uri) {
    return sameName(uri) && port(base) == port(uri);
  }

  private boolean sameName(URI uri) {
    return base.getHost() != null && base.getHost().equalsIgnoreCase(uri.getHost());
  }

  private static String query(URI uri) {
    return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }
}
