package io.tarkiln.checkout.archive;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an archive on disk while it is made, for the next one: its parts, an index of them, and
 * where that begins. The file appears as a whole, in the place of the last one. A disk that takes
 * no more is no failure; then nothing is kept.
 */
public final class ArchiveRecorder extends OutputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveRecorder.class);

  private final Optional<Path> place;
  private final Path half;
  private final long most;
  private final CRC32C checksum = new CRC32C();
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private final DataOutputStream lines = new DataOutputStream(index);
  private Optional<OutputStream> out;
  private long start;
  private long written;

  private ArchiveRecorder(Optional<Path> place, Path half, long most, Optional<OutputStream> out) {
    this.place = place;
    this.half = half;
    this.most = most;
    this.out = out;
  }

  /** Keeps nothing. */
  static ArchiveRecorder none() {
    return new ArchiveRecorder(Optional.empty(), Path.of(""), 0, Optional.empty());
  }

  /**
   * Keeps an archive in a file.
   *
   * @param most bytes; of a longer one, only the beginning is kept
   */
  public static ArchiveRecorder in(Path place, long most) {
    Path half = place.resolveSibling(UUID.randomUUID() + ".part");
    Optional<OutputStream> out;
    try {
      out = Optional.of(new BufferedOutputStream(Files.newOutputStream(half), 1 << 16));
    } catch (IOException failed) {
      out = Optional.empty();
      LOG.warn("cannot keep an archive at={} error={}", half, failed.toString());
    }
    return new ArchiveRecorder(Optional.of(place), half, most, out);
  }

  @Override
  public void write(int single) {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (out.isPresent()) {
      try {
        out.get().write(bytes, offset, length);
        checksum.update(bytes, offset, length);
        written += length;
      } catch (IOException failed) {
        giveUp(failed);
      }
    }
  }

  /** What was written since the last call is the part of this name. */
  void end(String key) throws IOException {
    if (out.isPresent() && written <= most) {
      lines.writeUTF(key);
      lines.writeLong(start);
      lines.writeLong(written - start);
      lines.writeLong(checksum.getValue());
      start = written;
      checksum.reset();
    }
  }

  /** Puts the file in its place. */
  public void complete() throws IOException {
    if (out.isPresent()) {
      try (DataOutputStream last = new DataOutputStream(out.get())) {
        last.write(index.toByteArray());
        last.writeLong(written);
        last.writeLong(PreviousArchive.checksum(index.toByteArray()));
      } catch (IOException failed) {
        giveUp(failed);
        return;
      }
      out = Optional.empty();
      Files.move(half, place.orElseThrow(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void giveUp(IOException failed) {
    LOG.warn("cannot keep an archive at={} error={}", half, failed.toString());
    try {
      close();
    } catch (IOException unimportant) {
      LOG.debug("the next process removes it", unimportant);
    }
  }

  /** Keeps nothing unless it is complete. */
  @Override
  public void close() throws IOException {
    if (out.isPresent()) {
      OutputStream open = out.get();
      out = Optional.empty();
      try (open) {
        Files.deleteIfExists(half);
      }
    }
  }
}
