package io.tarkiln.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.image.Digests;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * An image as a container sees it: its layers put one upon the other, and its configuration.
 *
 * @param nodes what it has at each path, without a slash at either end
 */
record FlatImage(SortedMap<String, Node> nodes, JsonNode configuration) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String XATTR = "SCHILY.xattr.";

  /**
   * What is at a path.
   *
   * @param what its type, with the digest of a file's content and the target of a link
   * @param seconds when it was changed
   */
  record Node(
      boolean isFolder,
      String what,
      String mode,
      String owner,
      Map<String, String> attributes,
      long seconds) {}

  /** Reads a tar with a manifest.json, as {@code docker save} writes it. */
  static FlatImage read(Path tar) throws IOException {
    SortedMap<String, Node> nodes = new TreeMap<>();
    try (TarFile image = new TarFile(tar)) {
      JsonNode manifest = json(image, "manifest.json").get(0);
      for (JsonNode layer : manifest.get("Layers")) {
        try (InputStream bytes = open(image, layer.asText())) {
          add(bytes, nodes);
        }
      }
      return new FlatImage(nodes, json(image, manifest.get("Config").asText()));
    }
  }

  private static InputStream open(TarFile image, String name) throws IOException {
    for (TarArchiveEntry entry : image.getEntries()) {
      if (entry.getName().equals(name)) {
        // A layer that an earlier one repeats is a link to that.
        return entry.isSymbolicLink() || entry.isLink()
            ? open(image, entry.getLinkName().replaceFirst("^\\.\\./", ""))
            : image.getInputStream(entry);
      }
    }
    throw new IOException("the image has no " + name);
  }

  private static JsonNode json(TarFile image, String name) throws IOException {
    try (InputStream in = open(image, name)) {
      return JSON.readTree(in.readAllBytes());
    }
  }

  private static void add(InputStream layer, SortedMap<String, Node> nodes) throws IOException {
    SortedMap<String, Node> added = new TreeMap<>();
    TreeSet<String> removed = new TreeSet<>();
    TreeSet<String> opaque = new TreeSet<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(plain(new BufferedInputStream(layer)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = path(entry.getName());
        String name = path.substring(path.lastIndexOf('/') + 1);
        String parent = path.substring(0, path.length() - name.length());
        if (name.equals(OPAQUE)) {
          opaque.add(parent);
        } else if (name.startsWith(WHITEOUT)) {
          removed.add(parent + name.substring(WHITEOUT.length()));
        } else if (entry.isLink()) {
          added.put(path, target(path(entry.getLinkName()), added, nodes));
        } else {
          added.put(path, node(entry, tar));
        }
      }
    }
    opaque.forEach(folder -> below(nodes, folder).clear());
    removed.forEach(path -> remove(nodes, path));
    added.forEach(
        (path, node) -> {
          if (!node.isFolder()) {
            below(nodes, path + "/").clear();
          }
          nodes.put(path, node);
        });
  }

  private static void remove(SortedMap<String, Node> nodes, String path) {
    nodes.remove(path);
    below(nodes, path + "/").clear();
  }

  private static SortedMap<String, Node> below(SortedMap<String, Node> nodes, String folder) {
    return nodes.subMap(folder, folder + Character.MAX_VALUE);
  }

  private static Node target(
      String path, SortedMap<String, Node> added, SortedMap<String, Node> nodes)
      throws IOException {
    Node node = added.getOrDefault(path, nodes.get(path));
    if (node == null) {
      throw new IOException("a hard link leads to %s, which is not there".formatted(path));
    }
    return node;
  }

  private static InputStream plain(BufferedInputStream layer) throws IOException {
    try {
      return new CompressorStreamFactory()
          .createCompressorInputStream(CompressorStreamFactory.detect(layer), layer);
    } catch (CompressorException notCompressed) {
      return layer;
    }
  }

  private static String path(String name) {
    return Path.of("/" + name).normalize().toString().substring(1);
  }

  private static Node node(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    SortedMap<String, String> attributes = new TreeMap<>();
    entry
        .getExtraPaxHeaders()
        .forEach(
            (key, value) -> {
              if (key.startsWith(XATTR)) {
                attributes.put(key.substring(XATTR.length()), printable(value));
              }
            });
    return new Node(
        entry.isDirectory(),
        what(entry, tar),
        entry.isSymbolicLink() ? "" : Integer.toOctalString(entry.getMode() & 07777),
        entry.getLongUserId() + ":" + entry.getLongGroupId(),
        attributes,
        entry.getLastModifiedTime().toMillis() / 1000);
  }

  private static String what(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    if (entry.isDirectory()) {
      return "folder";
    }
    if (entry.isSymbolicLink()) {
      return "link to " + entry.getLinkName();
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      return "device %d,%d".formatted(entry.getDevMajor(), entry.getDevMinor());
    }
    return entry.isFIFO() ? "pipe" : "file of " + entry.getSize() + " bytes, " + digest(tar);
  }

  private static String digest(InputStream content) throws IOException {
    DigestInputStream in = new DigestInputStream(content, Digests.sha256());
    in.transferTo(OutputStream.nullOutputStream());
    return Digests.hex(in.getMessageDigest()).substring(0, 12);
  }

  private static String printable(String value) {
    StringBuilder hex = new StringBuilder();
    value.chars().forEach(each -> hex.append("%02x".formatted(each)));
    return hex.toString();
  }

  /** Reads the bytes of a tar that is somewhere else. */
  static FlatImage read(InputStream tar, Path copy) throws IOException {
    try (tar) {
      Files.copy(tar, copy);
      return read(copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }
}
