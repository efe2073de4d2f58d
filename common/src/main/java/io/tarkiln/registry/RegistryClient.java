package io.tarkiln.registry;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Makes connections to registries; all of them share one pool of kept-alive connections. */
public final class RegistryClient {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private final Wire wire;
  private final RegistrySettings settings;

  /**
   * A client that has sent nothing yet.
   *
   * @throws IllegalArgumentException when the file of certificate authorities cannot be used
   */
  public RegistryClient(RegistrySettings settings) {
    this.settings = settings;
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // we follow them, and keep accounts back
            .connectTimeout(CONNECT_PATIENCE);
    Optional<SSLContext> trust = settings.authorities().map(Trust::in);
    trust.ifPresent(http::sslContext);
    this.wire = new Wire(http.build(), trust, settings.patience().answer());
  }

  /**
   * Requests about one repository. Nothing is sent yet.
   *
   * @param mountFrom repositories of the same registry that blobs may be mounted from
   */
  public RegistryConnection connect(ImageReference image, List<String> mountFrom) {
    return new RegistryConnection(image, "pull,push", mountFrom, settings, wire);
  }

  /** Requests about one repository that may also delete. */
  public RegistryConnection connectToDelete(ImageReference image) {
    return new RegistryConnection(image, "pull,push,delete", List.of(), settings, wire);
  }

  /** Requests about one repository that change nothing; asks for no right to push. */
  public RegistryConnection connectToRead(ImageReference image) {
    return new RegistryConnection(image, "pull", List.of(), settings, wire);
  }
}
