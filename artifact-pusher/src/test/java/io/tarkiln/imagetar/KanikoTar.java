package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.event.Json;
import io.tarkiln.registry.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes image tars as Kaniko writes them: configuration, layers named by their digests, {@code
 * manifest.json}.
 */
public final class KanikoTar {
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

  /** A layer that cannot be compressed, of about so many bytes; the seed says which. */
  public KanikoTar layer(long seed, int size) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return layer("random-" + seed, content);
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
