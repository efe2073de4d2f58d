package io.tarkiln.bench.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.image.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Image tars as Kaniko writes them, with layers that cannot be compressed.
 *
 * @param folder for layers on their way
 */
record BenchTar(Path folder) {
  private static final int PIECE = 1 << 20;

  /**
   * What a layer is made of.
   *
   * @param seed the same seed and size make the same layer
   * @param mebibytes its size
   */
  record Layer(long seed, int mebibytes) {}

  /**
   * A tar that was written.
   *
   * @param blobs bytes of configuration and layers, in this order
   */
  record Written(Path file, List<Long> blobs) {
    long size() throws IOException {
      return Files.size(file);
    }
  }

  private record Packed(Path file, String digest, String diffId) {}

  /** Writes a tar with these layers, from the base up. */
  Written write(String name, List<Layer> layers) throws IOException {
    List<Packed> packed = new ArrayList<>();
    for (Layer layer : layers) {
      packed.add(pack(layer));
    }
    byte[] config = config(packed).getBytes(UTF_8);
    Path file = folder.resolve(name);
    List<Long> sizes = new ArrayList<>(List.of((long) config.length));
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new BufferedOutputStream(Files.newOutputStream(file), PIECE), UTF_8.name())) {
      put(tar, Digests.of(config), config);
      for (Packed layer : packed) {
        sizes.add(Files.size(layer.file()));
        TarArchiveEntry entry = new TarArchiveEntry(layer.file(), fileName(layer));
        tar.putArchiveEntry(entry);
        Files.copy(layer.file(), tar);
        tar.closeArchiveEntry();
      }
      put(tar, "manifest.json", manifest(Digests.of(config), packed).getBytes(UTF_8));
    }
    for (Packed layer : packed) {
      Files.delete(layer.file());
    }
    return new Written(file, sizes);
  }

  private Packed pack(Layer layer) throws IOException {
    Path file = folder.resolve("layer-" + layer.seed());
    MessageDigest compressed = Digests.sha256();
    MessageDigest plain = Digests.sha256();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new DigestOutputStream(
                new Stored(
                    new DigestOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), PIECE), compressed)),
                plain))) {
      TarArchiveEntry entry = new TarArchiveEntry("random-" + layer.seed());
      entry.setModTime(0); // the same layer has the same digest
      entry.setSize((long) layer.mebibytes() * PIECE);
      tar.putArchiveEntry(entry);
      Random random = new Random(layer.seed());
      byte[] piece = new byte[PIECE];
      for (int i = 0; i < layer.mebibytes(); i++) {
        random.nextBytes(piece);
        tar.write(piece);
      }
      tar.closeArchiveEntry();
    }
    return new Packed(file, Digests.text(compressed.digest()), Digests.text(plain.digest()));
  }

  /** A gzip stream that does not try to compress. */
  private static final class Stored extends GZIPOutputStream {
    Stored(OutputStream out) throws IOException {
      super(out, PIECE);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static String fileName(Packed layer) {
    return layer.digest().replaceFirst("sha256:", "") + ".tar.gz";
  }

  private static String config(List<Packed> layers) {
    return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
        .formatted(joined(layers.stream().map(Packed::diffId).toList()));
  }

  private static String manifest(String config, List<Packed> layers) {
    return "[{\"Config\":\"%s\",\"RepoTags\":[],\"Layers\":[%s]}]"
        .formatted(config, joined(layers.stream().map(BenchTar::fileName).toList()));
  }

  private static String joined(List<String> texts) {
    return "\"" + String.join("\",\"", texts) + "\"";
  }
}
