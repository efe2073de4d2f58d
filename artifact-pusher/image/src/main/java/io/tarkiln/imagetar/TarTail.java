package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tarkiln.build.RejectedException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Finds {@code manifest.json} where Kaniko puts it, at a tar's end, before the headers on the way
 * there have been walked. What it says is good for questions only: nothing of it is checked.
 */
final class TarTail {
  private static final byte[] NAME = (TarManifest.NAME + "\0").getBytes(US_ASCII);

  private TarTail() {}

  /**
   * Digests of the blobs that the tar most likely has; none where they cannot be told.
   *
   * @param tail the tar's last bytes
   * @param start where they begin in it
   */
  static List<String> digests(byte[] tail, long start) {
    int first = (int) (-start & (TarIndex.BLOCK - 1));
    for (int at = first; at + TarIndex.BLOCK <= tail.length; at += TarIndex.BLOCK) {
      if (Arrays.equals(tail, at, at + NAME.length, NAME, 0, NAME.length)) {
        return digests(tail, start, at);
      }
    }
    return List.of();
  }

  private static List<String> digests(byte[] tail, long start, int at) {
    try {
      byte[] header = Arrays.copyOfRange(tail, at, at + TarIndex.BLOCK);
      TarArchiveEntry entry = TarIndex.parse(header, start + at);
      int body = at + TarIndex.BLOCK;
      if (entry.getSize() >= 0 && entry.getSize() <= tail.length - body) {
        return TarManifest.parse(Arrays.copyOfRange(tail, body, body + (int) entry.getSize()))
            .digests();
      }
    } catch (RejectedException odd) {
      return List.of(); // whoever walks the headers will say why
    }
    return List.of();
  }
}
