package io.tarkiln.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Pulls images over HTTP, knowing nothing of ours. */
public record ImagePuller(String registry) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The manifest that a tag or digest names, if there is one. */
  public Optional<JsonNode> manifest(String repository, String reference)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://%s/v2/%s/manifests/%s".formatted(registry, repository, reference)))
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .header("Accept", "application/vnd.oci.image.manifest.v1+json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() == 404
        ? Optional.empty()
        : Optional.of(JSON.readTree(response.body()));
  }

  /** The digest that a tag names; empty where there is none. */
  public String digest(String repository, String tag) throws IOException, InterruptedException {
    HttpResponse<Void> response =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create("http://%s/v2/%s/manifests/%s".formatted(registry, repository, tag)))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
                .header("Accept", "application/vnd.oci.image.manifest.v1+json")
                .build(),
            HttpResponse.BodyHandlers.discarding());
    return response.headers().firstValue("Docker-Content-Digest").orElse("");
  }

  /** The content of a file in the image, the topmost layer winning. */
  public Optional<String> file(String repository, String tag, String path)
      throws IOException, InterruptedException {
    JsonNode manifest = manifest(repository, tag).orElseThrow();
    List<String> digests = new ArrayList<>();
    manifest.get("layers").forEach(layer -> digests.add(0, layer.get("digest").asText()));
    assertThat(digests).isNotEmpty();
    for (String digest : digests) {
      Optional<String> found = fileInLayer(repository, digest, path);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> fileInLayer(String repository, String digest, String path)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> blob =
        HTTP.send(
            HttpRequest.newBuilder(
                    URI.create("http://%s/v2/%s/blobs/%s".formatted(registry, repository, digest)))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(blob.statusCode()).isEqualTo(200);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(blob.body()))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().replaceFirst("^(\\./|/)", "").equals(path)) {
          return Optional.of(new String(tar.readAllBytes()));
        }
      }
    }
    return Optional.empty();
  }
}
