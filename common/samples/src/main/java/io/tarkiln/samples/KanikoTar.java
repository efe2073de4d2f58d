package io.tarkiln.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.event.json.Json;
import io.tarkiln.image.Digests;
import io.tarkiln.testkit.Noise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes image tars as Kaniko writes them: configuration, layers named by their digests, {@code
 * manifest.json}.
 */
public final class KanikoTar {
  private static final int ZSTD_BLOCK = 64 << 10;

  private final List<byte[]> layers = new ArrayList<>();
  private final List<String> diffIds = new ArrayList<>();
  private final Map<String, String> labels = new LinkedHashMap<>();

  /** A layer with one file. */
  public KanikoTar layer(String file, byte[] content) {
    byte[] tar = new TarBytes().file(file, content).end();
    diffIds.add(Digests.of(tar));
    layers.add(gzip(tar));
    return this;
  }

  /** A layer of a base image that is no more than a tar. */
  public KanikoTar plainLayer(long seed, int size) {
    return raw(random("plain-" + seed, seed, size));
  }

  /** A layer of a base image that zstd compressed. */
  public KanikoTar zstdLayer(long seed, int size) {
    byte[] tar = random("zstd-" + seed, seed, size);
    diffIds.add(Digests.of(tar));
    layers.add(zstd(tar));
    return this;
  }

  /** A layer with these bytes, which are not compressed. */
  public KanikoTar raw(byte[] layer) {
    diffIds.add(Digests.of(layer));
    layers.add(layer);
    return this;
  }

  private static byte[] random(String file, long seed, int size) {
    return new TarBytes().file(file, Noise.bytes(seed, size)).end();
  }

  /** One frame of blocks that are not compressed (RFC 8878, section 3.1.1). */
  private static byte[] zstd(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Magic; no checksum, window of 128 KiB.
    out.writeBytes(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x00, 0x38});
    for (int at = 0; at < bytes.length; at += ZSTD_BLOCK) {
      int length = Math.min(ZSTD_BLOCK, bytes.length - at);
      int header = length << 3 | (at + length == bytes.length ? 1 : 0);
      out.writeBytes(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)});
      out.write(bytes, at, length);
    }
    return out.toByteArray();
  }

  /** A layer that cannot be compressed, of about so many bytes; the seed says which. */
  public KanikoTar layer(long seed, int size) {
    return layer("random-" + seed, Noise.bytes(seed, size));
  }

  public KanikoTar label(String name, String value) {
    labels.put(name, value);
    return this;
  }

  /** The compressed layers, from the base up. */
  public List<byte[]> layers() {
    return layers;
  }

  public List<String> layerDigests() {
    return layers.stream().map(Digests::of).toList();
  }

  public byte[] config() {
    return Json.bytes(
        Map.of(
            "architecture",
            "amd64",
            "os",
            "linux",
            "config",
            Map.of("Labels", labels),
            "rootfs",
            Map.of("type", "layers", "diff_ids", diffIds)));
  }

  /** The text of {@code manifest.json}. */
  public String manifestJson() {
    return new String(
        Json.bytes(
            List.of(
                Map.of(
                    "Config",
                    Digests.of(config()),
                    "RepoTags",
                    List.of(),
                    "Layers",
                    layerDigests().stream().map(KanikoTar::fileName).toList()))),
        UTF_8);
  }

  public byte[] bytes() {
    TarBytes tar = new TarBytes().file(Digests.of(config()), config());
    Map<String, byte[]> once = new LinkedHashMap<>();
    layers.forEach(layer -> once.put(fileName(Digests.of(layer)), layer));
    once.forEach(tar::file);
    return tar.file("manifest.json", manifestJson()).end();
  }

  public Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /** The name of a layer's member. */
  public static String fileName(String digest) {
    return digest.substring("sha256:".length()) + ".tar.gz";
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
