package io.tarkiln.testkit;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Reads from the tests' registry as anybody would, by none of our own code. */
public final class RegistryProbe {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private RegistryProbe() {}

  /** What the registry says that a tag or digest is, or empty when there is none. */
  public static String digest(String repository, String reference) throws Exception {
    return get(repository, "manifests/" + reference)
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElse("");
  }

  public static HttpResponse<byte[]> manifest(String repository, String reference)
      throws Exception {
    return get(repository, "manifests/" + reference);
  }

  public static byte[] blob(String repository, String digest) throws Exception {
    return get(repository, "blobs/" + digest).body();
  }

  private static HttpResponse<byte[]> get(String repository, String path) throws Exception {
    URI uri =
        URI.create("http://%s/v2/%s/%s".formatted(SharedRegistry.address(), repository, path));
    return HTTP.send(
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
            .header("Accept", "application/vnd.oci.image.manifest.v1+json")
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}
