package io.tarkiln.imagetar;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recognizes archives that people take for an image tar, so that an error can say what they are.
 */
final class OtherArchive {
  /** First bytes by program (RFC 1952, RFC 8878; file formats of xz, bzip2 and zip). */
  private static final Map<String, String> MAGIC =
      Map.of(
          "1f8b", "it is compressed with gzip: unpack it with 'gunzip' first",
          "28b52ffd", "it is compressed with zstd: unpack it with 'unzstd' first",
          "fd377a585a00", "it is compressed with xz: unpack it with 'unxz' first",
          "425a68", "it is compressed with bzip2: unpack it with 'bunzip2' first",
          "504b0304", "it is a zip archive");

  private OtherArchive() {}

  /** What an archive is that begins like this and is no tar. */
  static Optional<String> byStart(byte[] start) {
    String hex = HexFormat.of().formatHex(Arrays.copyOf(start, Math.min(start.length, 8)));
    return MAGIC.entrySet().stream()
        .filter(magic -> hex.startsWith(magic.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** What a tar is that has members of these names and no manifest of Docker's form. */
  static Optional<String> byMembers(Set<String> names) {
    return names.contains("oci-layout") || names.contains("index.json")
        ? Optional.of(
            "it is an OCI image layout: make it a Docker archive first, for instance with"
                + " 'skopeo copy oci-archive:FILE docker-archive:NEW'")
        : Optional.empty();
  }

  /** What a tar is whose manifest names a blob like this. */
  static Optional<String> byBlobName(String name) {
    return name.startsWith("blobs/sha256/") || name.endsWith("/layer.tar")
        ? Optional.of("'docker save' wrote it: push that image with 'docker push'")
        : Optional.empty();
  }
}
