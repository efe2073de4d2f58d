package io.tarkiln.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.image.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Base images for machines that cannot reach Docker Hub: a POSIX shell and the usual small
 * commands, built from Go modules, under the names that samples and first tries use.
 */
final class StandInImages {
  private static final List<String> NAMES =
      List.of("alpine:3.20", "alpine:latest", "busybox:1.36", "busybox:latest");
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private StandInImages() {}

  /** Puts the images into a project of the registry, unless they are there. */
  static void push(String registry, String project) throws IOException {
    System.err.println(
        "Docker Hub cannot be reached: alpine and busybox are small stand-ins made on this"
            + " machine");
    String first = NAMES.get(NAMES.size() - 1);
    if (status("HEAD", manifest(registry, project, first)) == 200) {
      return;
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    byte[] layer = layer(tar);
    byte[] config = config(Digests.of(tar.toByteArray()));
    for (String name : NAMES) {
      String repository = project + "/library/" + name.substring(0, name.indexOf(':'));
      pushBlob(registry, repository, layer);
      pushBlob(registry, repository, config);
      send(
          HttpRequest.newBuilder(manifest(registry, project, name))
              .header("Content-Type", MANIFEST)
              .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest(config, layer)))
              .build(),
          201);
    }
  }

  private static byte[] layer(ByteArrayOutputStream tar) throws IOException {
    List<Path> tools = GoTools.provide(List.of("sh", "uroot"));
    Map<String, Path> commands = new TreeMap<>();
    try (Stream<Path> files = Files.list(tools.get(1))) {
      files.forEach(file -> commands.put("bin/" + file.getFileName(), file));
    }
    commands.put("bin/sh", tools.get(0));
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
      for (String folder : List.of("bin/", "etc/", "root/", "tmp/", "usr/", "usr/bin/", "var/")) {
        TarArchiveEntry entry = new TarArchiveEntry(folder);
        entry.setMode(folder.equals("tmp/") ? 01777 : 0755);
        entry.setModTime(0);
        put(out, entry, new byte[0]);
      }
      text(out, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
      text(out, "etc/group", "root:x:0:\n");
      text(out, "etc/os-release", "ID=tarkiln-stand-in\nNAME=\"Tarkiln stand-in\"\n");
      for (Map.Entry<String, Path> command : commands.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(command.getKey());
        entry.setMode(0755);
        entry.setModTime(0);
        put(out, entry, Files.readAllBytes(command.getValue()));
      }
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      tar.writeTo(gzip);
    }
    return compressed.toByteArray();
  }

  private static void text(TarArchiveOutputStream out, String name, String text)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setModTime(0);
    put(out, entry, text.getBytes(UTF_8));
  }

  private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, byte[] content)
      throws IOException {
    entry.setSize(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static byte[] config(String layerDigest) {
    return """
    {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z",\
    "config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["/bin/sh"]},\
    "rootfs":{"type":"layers","diff_ids":["%s"]},\
    "history":[{"created":"1970-01-01T00:00:00Z","created_by":"tarkiln stand-in"}]}\
    """
        .formatted(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64", layerDigest)
        .getBytes(UTF_8);
  }

  private static byte[] manifest(byte[] config, byte[] layer) {
    return """
    {"schemaVersion":2,"mediaType":"%s",\
    "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},\
    "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}\
    """
        .formatted(MANIFEST, config.length, Digests.of(config), layer.length, Digests.of(layer))
        .getBytes(UTF_8);
  }

  private static URI manifest(String registry, String project, String name) {
    String[] parts = name.split(":");
    return URI.create(
        "http://%s/v2/%s/library/%s/manifests/%s".formatted(registry, project, parts[0], parts[1]));
  }

  private static void pushBlob(String registry, String repository, byte[] blob) throws IOException {
    URI uploads = URI.create("http://%s/v2/%s/blobs/uploads/".formatted(registry, repository));
    HttpResponse<Void> begun =
        send(
            HttpRequest.newBuilder(uploads).POST(HttpRequest.BodyPublishers.noBody()).build(), 202);
    String location = begun.headers().firstValue("Location").orElseThrow();
    String join = location.contains("?") ? "&" : "?";
    send(
        HttpRequest.newBuilder(uploads.resolve(location + join + "digest=" + Digests.of(blob)))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(blob))
            .build(),
        201);
  }

  private static int status(String method, URI uri) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Accept", MANIFEST)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return send(request).statusCode();
  }

  private static HttpResponse<Void> send(HttpRequest request, int expected) throws IOException {
    HttpResponse<Void> response = send(request);
    if (response.statusCode() != expected) {
      throw new IOException(
          "the embedded registry answered %d to %s %s"
              .formatted(response.statusCode(), request.method(), request.uri()));
    }
    return response;
  }

  private static HttpResponse<Void> send(HttpRequest request) throws IOException {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making stand-in images", interrupted);
    }
  }
}
