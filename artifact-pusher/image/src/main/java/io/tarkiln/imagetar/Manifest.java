package io.tarkiln.imagetar;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.Digests;
import java.util.List;
import java.util.Locale;

/**
 * An image manifest. In Docker's format it is byte for byte what {@code crane push} makes of the
 * same tar, so that everybody finds the same digest. Docker's format knows gzipped layers only: an
 * image with others has OCI's.
 */
public record Manifest(byte[] bytes, String mediaType) {
  private static final int SCHEMA = 2;

  /** Which media types the manifest speaks of; the blobs are the same. */
  public enum Format {
    /** Docker registry documentation, "Image Manifest V 2, Schema 2". */
    DOCKER(
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.container.image.v1+json"),
    /** OCI image specification, "Image Manifest". */
    OCI("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.config.v1+json");

    private final String manifest;
    private final String config;

    Format(String manifest, String config) {
      this.manifest = manifest;
      this.config = config;
    }

    /** The manifest's own. */
    public String mediaType() {
      return manifest;
    }

    private String layer(Compression compression) {
      return switch (compression) {
        case GZIP ->
            this == DOCKER
                ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
                : "application/vnd.oci.image.layer.v1.tar+gzip";
        case ZSTD -> "application/vnd.oci.image.layer.v1.tar+zstd";
        case NONE -> "application/vnd.oci.image.layer.v1.tar";
      };
    }

    /** This one, unless it has no media type for one of the layers. */
    private Format fitting(List<Layer> layers) {
      return layers.stream().allMatch(layer -> layer.compression() == Compression.GZIP)
          ? this
          : OCI;
    }

    /**
     * The format of that name, {@code docker} or {@code oci}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Format named(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "docker" -> DOCKER;
        case "oci" -> OCI;
        default ->
            throw new IllegalArgumentException(
                "'%s' is no manifest format: write docker or oci".formatted(name));
      };
    }
  }

  @JsonPropertyOrder({"mediaType", "size", "digest"})
  private record Descriptor(String mediaType, long size, String digest) {
    static Descriptor of(String mediaType, Blob blob) {
      return new Descriptor(mediaType, blob.size(), blob.digest());
    }
  }

  @JsonPropertyOrder({"schemaVersion", "mediaType", "config", "layers"})
  private record Document(
      int schemaVersion, String mediaType, Descriptor config, List<Descriptor> layers) {}

  /** The manifest of a tar's image, in Docker's format where that can say what the layers are. */
  public static Manifest of(ImageTar image) {
    return of(image, Format.DOCKER);
  }

  /**
   * The manifest of a tar's image.
   *
   * @param wanted used where all layers are gzipped; otherwise the format is OCI's
   */
  public static Manifest of(ImageTar image, Format wanted) {
    Format format = wanted.fitting(image.layers());
    List<Descriptor> layers =
        image.layers().stream()
            .map(layer -> Descriptor.of(format.layer(layer.compression()), layer.blob()))
            .toList();
    Descriptor config = Descriptor.of(format.config, image.config());
    return new Manifest(
        Json.bytes(new Document(SCHEMA, format.manifest, config, layers)), format.manifest);
  }

  public String digest() {
    return Digests.of(bytes);
  }
}
