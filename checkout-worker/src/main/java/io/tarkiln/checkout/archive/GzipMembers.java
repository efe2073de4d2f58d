package io.tarkiln.checkout.archive;

import io.tarkiln.thread.DaemonThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A gzip file of many members (RFC 1952, 2.2), each compressed by itself: so several are at once,
 * and those that an earlier archive has are copied from there. Where one ends depends on nothing
 * but what was written.
 */
public final class GzipMembers extends OutputStream {
  /** Bytes before compression. */
  static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_AT_ONCE = 4;

  private static final ExecutorService THREADS = threads();

  private final OutputStream to;
  private final PreviousArchive before;
  private final ArchiveRecorder keeper;
  private final Deque<Member> members = new ArrayDeque<>();
  private ByteArrayOutputStream plain = new ByteArrayOutputStream();

  /** Something that is written to this stream. */
  @FunctionalInterface
  interface Content {
    void write() throws IOException;
  }

  /**
   * One on its way.
   *
   * @param ends the part that ends with it; empty when there is none
   */
  private record Member(CompletableFuture<byte[]> bytes, String ends) {}

  /**
   * Writes to a stream and leaves it open.
   *
   * @param before where parts may be copied from
   * @param keeper where they are kept for the next archive
   */
  public GzipMembers(OutputStream to, PreviousArchive before, ArchiveRecorder keeper) {
    this.to = to;
    this.before = before;
    this.keeper = keeper;
  }

  private static ExecutorService threads() {
    int processors = Runtime.getRuntime().availableProcessors();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            processors,
            processors,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("gzip"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Adds a part: members of its own.
   *
   * @param key tells its content from all others
   * @param content asked for unless an earlier archive has the part
   */
  void add(String key, Content content) throws IOException {
    OutputStream both = new Both();
    if (before.has(key)) {
      finish(0);
      if (before.copy(key, both)) {
        keeper.end(key);
        return;
      }
    }
    content.write();
    compress(key);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (plain.size() == MAX_LENGTH) {
        compress("");
      }
      int step = Math.min(length - done, MAX_LENGTH - plain.size());
      plain.write(bytes, offset + done, step);
      done += step;
    }
  }

  private void compress(String ends) throws IOException {
    byte[] bytes = plain.toByteArray();
    plain.reset();
    finish(MAX_AT_ONCE - 1);
    members.add(new Member(CompletableFuture.supplyAsync(() -> compressed(bytes), THREADS), ends));
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream member = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (OutputStream gzip = new Fast(member)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return member.toByteArray();
  }

  /** Passes members on, in order, until so many are left. */
  private void finish(int left) throws IOException {
    while (members.size() > left) {
      Member member = members.remove();
      new Both().write(member.bytes().join());
      if (!member.ends().isEmpty()) {
        keeper.end(member.ends());
      }
    }
  }

  /** Passes on what is left. */
  @Override
  public void flush() throws IOException {
    finish(0);
  }

  /** To where the archive goes, and to where it is kept. */
  private final class Both extends OutputStream {
    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
      keeper.write(bytes, offset, length);
    }
  }

  /** Sources are read once and soon expire, so time counts more than size. */
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
