package io.tarkiln.registry;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

/** Makes connections to registries; all of them share one pool of kept-alive connections. */
public final class RegistryClient {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER) // we follow them, and keep accounts back
          .connectTimeout(CONNECT_PATIENCE)
          .build();
  private final RegistrySettings settings;

  public RegistryClient(RegistrySettings settings) {
    this.settings = settings;
  }

  /**
   * Requests about one repository. Nothing is sent yet.
   *
   * @param mountFrom repositories of the same registry that blobs may be mounted from
   */
  public RegistryConnection connect(ImageReference image, List<String> mountFrom) {
    return new RegistryConnection(image, mountFrom, settings, http);
  }
}
