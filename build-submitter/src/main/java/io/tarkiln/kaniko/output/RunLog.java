package io.tarkiln.kaniko.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run's log: every line into a file at once, and in batches to whoever watches. */
public final class RunLog implements AutoCloseable {
  private static final int BATCH = 100;

  /** Keeps an event well below the megabyte that Kafka takes by default. */
  private static final int BATCH_BYTES = 200_000;

  /** Takes batches of lines, in their order; does not block. */
  public interface Batches {
    void take(long firstLine, List<String> lines);
  }

  private final OutputStream file;
  private final LogLimits limits;
  private final Batches batches;
  private final LogTail tail = new LogTail();
  private final List<String> batch = new ArrayList<>();
  private long flushedLines;
  private long bytes;
  private int batchBytes;
  private boolean cut;

  public RunLog(Path path, LogLimits limits, Batches batches) throws IOException {
    this.file = new BufferedOutputStream(Files.newOutputStream(path));
    this.limits = limits;
    this.batches = batches;
  }

  /** Adds a line; beyond the limits it only counts for the tail. */
  public synchronized void add(String line) {
    tail.add(line);
    if (cut) {
      return;
    }
    int size = line.getBytes(StandardCharsets.UTF_8).length + 1;
    if (flushedLines + batch.size() >= limits.lines() || bytes + size > limits.bytes()) {
      cut = true;
      write(
          "[tarkiln] the log is cut here: it has more than %d lines or %d MiB"
              .formatted(limits.lines(), limits.bytes() >> 20));
    } else {
      write(line);
    }
  }

  /** Adds a line of our own, even to a log that is cut. */
  public synchronized void note(String line) {
    write("[tarkiln] " + line);
  }

  /** Hands over what is there of a batch. */
  public synchronized void flush() {
    if (batch.isEmpty()) {
      return;
    }
    try {
      file.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot write the log", failed);
    }
    long first = flushedLines + 1;
    flushedLines += batch.size();
    batches.take(first, List.copyOf(batch));
    batch.clear();
    batchBytes = 0;
  }

  public LogTail tail() {
    return tail;
  }

  @Override
  public synchronized void close() throws IOException {
    try (file) {
      flush();
    }
  }

  private void write(String line) {
    byte[] utf8 = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      file.write(utf8);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot write the log", failed);
    }
    bytes += utf8.length;
    batch.add(line);
    batchBytes += utf8.length;
    if (batch.size() >= BATCH || batchBytes >= BATCH_BYTES) {
      flush();
    }
  }
}
