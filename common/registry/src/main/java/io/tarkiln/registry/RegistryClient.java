package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.auth.Authentication;
import io.tarkiln.registry.auth.BearerTokens;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.http.CertificateTrust;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.Transport;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Makes connections to registries; all of them share one pool of kept-alive connections. */
public final class RegistryClient {
  private final Transport transport;
  private final RegistrySettings settings;

  /**
   * A client that has sent nothing yet.
   *
   * @throws IllegalArgumentException when the file of certificate authorities cannot be used
   */
  public RegistryClient(RegistrySettings settings) {
    this.settings = settings;
    this.transport =
        new Transport(settings.authorities().map(CertificateTrust::in), settings.answer());
  }

  /**
   * Requests about one repository. Nothing is sent yet.
   *
   * @param mountFrom repositories of the same registry that blobs may be mounted from
   */
  public RegistryConnection connect(ImageReference image, List<String> mountFrom) {
    return new RegistryConnection(image, "pull,push", mountFrom, settings, transport);
  }

  /** Requests about one repository that may also delete. */
  public RegistryConnection connectToDelete(ImageReference image) {
    return new RegistryConnection(image, "pull,push,delete", List.of(), settings, transport);
  }

  /** Requests about one repository that change nothing; asks for no right to push. */
  public RegistryConnection connectToRead(ImageReference image) {
    return new RegistryConnection(image, "pull", List.of(), settings, transport);
  }

  /** How a registry wants to know who speaks; asks it. */
  public Authentication authentication(String host) throws RegistryException {
    Endpoint endpoint = Endpoint.of(new ImageReference(host, "any", "latest"), settings);
    URI version = endpoint.base().resolve("/v2/");
    return Authentication.of(
        host,
        transport.send(RegistryRequest.of("GET", version), version, Optional.empty()),
        new BearerTokens(transport, endpoint.isPlain()));
  }
}
