package io.tarkiln.imagetar;

import io.tarkiln.build.FutureResults;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Reads small pieces of a tar in few round trips: some more at a time than asked for. The tar's
 * ends stay at hand, for Kaniko puts the configuration at the one and the manifest at the other.
 */
final class TarWindow {
  private static final int HEAD = 32 << 10;
  private static final int TAIL = 16 << 10;
  private static final int AHEAD = 8 << 10;

  private final TarSource source;
  private final long size;
  private final Piece tail;
  private final Future<TarSource.End> head;
  private Piece current;

  private TarWindow(TarSource source, TarSource.End tail, Future<TarSource.End> head) {
    this.source = source;
    this.size = tail.size();
    this.tail = new Piece(tail.size() - tail.bytes().length, tail.bytes());
    this.head = head;
    this.current = this.tail;
  }

  /** Reads both ends, at once if there is a thread for it. */
  static TarWindow of(TarSource source, Executor threads)
      throws RejectedException, UnavailableException {
    FutureTask<TarSource.End> head = new FutureTask<>(() -> source.head(HEAD));
    threads.execute(head);
    return new TarWindow(source, source.tail(TAIL), head);
  }

  long size() {
    return size;
  }

  /** These bytes, which must be within the tar. */
  byte[] read(long offset, int length) throws RejectedException, UnavailableException {
    for (Piece each : List.of(current, tail, new Piece(0, FutureResults.of(head).bytes()))) {
      if (each.covers(offset, length)) {
        return each.part(offset, length);
      }
    }
    current = piece(offset, (int) Math.min(Math.max(length, AHEAD), size - offset));
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
