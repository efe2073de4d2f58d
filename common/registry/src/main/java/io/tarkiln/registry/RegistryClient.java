package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.http.CertificateTrust;
import io.tarkiln.registry.http.Transport;
import java.util.List;

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
}
