package io.tarkiln.imagetar;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads small pieces of a tar in few round trips: some more at a time than asked for. The tar's
 * head stays at hand, for Kaniko puts the configuration there.
 */
final class TarWindow {
  private static final int HEAD = 64 << 10;
  private static final int AHEAD = 8 << 10;

  private final TarSource source;
  private final long size;
  private final Piece head;
  private Piece current;

  TarWindow(TarSource source) throws RejectedException, UnavailableException {
    this.source = source;
    TarSource.Head beginning = source.head(HEAD);
    this.size = beginning.size();
    this.head = new Piece(0, beginning.bytes());
    this.current = head;
  }

  long size() {
    return size;
  }

  /** These bytes, which must be within the tar. */
  byte[] read(long offset, int length) throws UnavailableException {
    if (head.covers(offset, length)) {
      return head.part(offset, length);
    }
    if (!current.covers(offset, length)) {
      current = piece(offset, (int) Math.min(Math.max(length, AHEAD), size - offset));
    }
    return current.part(offset, length);
  }

  private Piece piece(long offset, int length) throws UnavailableException {
    try (InputStream in = source.open(offset, length)) {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length == length) {
        return new Piece(offset, bytes);
      }
    } catch (IOException broken) {
      throw new UnavailableException("reading the image tar broke off", broken);
    }
    throw new UnavailableException("the image tar became shorter while it was read");
  }

  private record Piece(long start, byte[] bytes) {
    boolean covers(long offset, int length) {
      return offset >= start && offset + length <= start + bytes.length;
    }

    byte[] part(long offset, int length) {
      int from = (int) (offset - start);
      return Arrays.copyOfRange(bytes, from, from + length);
    }
  }
}
