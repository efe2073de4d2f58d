package io.tarkiln.imagetar;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.tarkiln.event.Json;
import java.util.List;

/**
 * An image manifest, version 2 schema 2, byte for byte as {@code crane push} makes it of the same
 * tar, so that everybody finds the same digest.
 */
public record Manifest(byte[] bytes) {
  /** Its media type (Docker registry documentation, "Image Manifest V 2, Schema 2"). */
  public static final String MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
  private static final int SCHEMA = 2;

  @JsonPropertyOrder({"mediaType", "size", "digest"})
  private record Descriptor(String mediaType, long size, String digest) {
    static Descriptor of(String mediaType, Blob blob) {
      return new Descriptor(mediaType, blob.size(), blob.digest());
    }
  }

  @JsonPropertyOrder({"schemaVersion", "mediaType", "config", "layers"})
  private record Document(
      int schemaVersion, String mediaType, Descriptor config, List<Descriptor> layers) {}

  /** The manifest of a tar's image. */
  public static Manifest of(ImageTar image) {
    return new Manifest(
        Json.bytes(
            new Document(
                SCHEMA,
                MEDIA_TYPE,
                Descriptor.of(CONFIG, image.config()),
                image.layers().stream().map(layer -> Descriptor.of(LAYER, layer)).toList())));
  }

  public String digest() {
    return Digests.of(bytes);
  }
}
