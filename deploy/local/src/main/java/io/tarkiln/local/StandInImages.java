package io.tarkiln.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.image.Digests;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.error.RegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private StandInImages() {}

  /**
   * Puts the images into a project of the registry, unless they are there.
   *
   * @param address of a registry without accounts that speaks plain http
   */
  static void push(String address, String project) throws IOException {
    System.err.println(
        "Docker Hub cannot be reached: alpine and busybox are small stand-ins made on this"
            + " machine");
    RegistryClient registry =
        new RegistryClient(
            new RegistrySettings(Set.of(address), new DockerConfig(Path.of("no accounts"))));
    try {
      push(registry, address + "/" + project + "/library/");
    } catch (RegistryException failed) {
      throw new IOException("no stand-in images: " + failed.getMessage(), failed);
    }
  }

  private static void push(RegistryClient client, String project)
      throws IOException, RegistryException {
    ImageReference last = ImageReference.parse(project + NAMES.get(NAMES.size() - 1));
    if (new Manifests(client.connectToRead(last)).has(last.tag())) {
      return;
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    byte[] layer = layer(tar);
    byte[] config = config(Digests.of(tar.toByteArray()));
    for (String name : NAMES) {
      ImageReference image = ImageReference.parse(project + name);
      RegistryConnection registry = client.connect(image, List.of());
      BlobUploader uploader = new BlobUploader(registry, bytes -> {});
      uploader.upload(ByteArrayBlob.of(layer), Optional.empty());
      uploader.upload(ByteArrayBlob.of(config), Optional.empty());
      new Manifests(registry)
          .put(image.tag(), new Manifests.Stored(manifest(config, layer), MANIFEST));
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
}
