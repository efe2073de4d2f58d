package io.tarkiln.checkout.archive;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The archive that was made last of a context, as {@link ArchiveRecorder} left it: its compressed
 * parts, so that those which stay the same are copied and not made again. Every part is held
 * against its checksum before it is used; what is not as it was counts as not there.
 *
 * <p>Without it, the checkout of a next commit takes 1.4 times as long where the context has 125
 * MB, and 1.2 times where it has 25 MB ({@code deploy/bench/checkout next}, five pairs).
 */
public final class PreviousArchive implements AutoCloseable {
  /** At the end of the file: where the index begins, and its checksum. */
  static final int TRAILER = 2 * Long.BYTES;

  private static final int MAX_INDEX = 64 << 20;
  private static final int BUFFER = 64 << 10;

  private final Optional<FileChannel> file;
  private final Map<String, Part> parts;
  private long copied;

  /**
   * A part within the file.
   *
   * @param offset of its first byte
   * @param length in bytes
   * @param checksum CRC-32C
   */
  record Part(long offset, long length, long checksum) {}

  private interface Sink {
    void take(byte[] bytes, int length) throws IOException;
  }

  private PreviousArchive(Optional<FileChannel> file, Map<String, Part> parts) {
    this.file = file;
    this.parts = parts;
  }

  /** Nothing is kept. */
  static PreviousArchive none() {
    return new PreviousArchive(Optional.empty(), Map.of());
  }

  /** What is kept in a file; nothing, if there is none or it is not as it was written. */
  public static PreviousArchive in(Path place) throws IOException {
    if (!Files.exists(place)) {
      return none();
    }
    FileChannel file = FileChannel.open(place, StandardOpenOption.READ);
    try {
      return new PreviousArchive(Optional.of(file), index(file));
    } catch (IOException broken) {
      file.close();
      return none();
    }
  }

  private static Map<String, Part> index(FileChannel file) throws IOException {
    ByteBuffer trailer = bytes(file, file.size() - TRAILER, TRAILER);
    long start = trailer.getLong();
    ByteBuffer index = bytes(file, start, file.size() - TRAILER - start);
    if (checksum(index.array()) != trailer.getLong()) {
      throw new IOException("the index is broken");
    }
    Map<String, Part> parts = new HashMap<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(index.array()));
    while (in.available() > 0) {
      parts.put(in.readUTF(), new Part(in.readLong(), in.readLong(), in.readLong()));
    }
    return parts;
  }

  private static ByteBuffer bytes(FileChannel file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || length > MAX_INDEX) {
      throw new IOException("no such place in the file");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the file is cut");
      }
    }
    return bytes.flip();
  }

  static long checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return checksum.getValue();
  }

  /** Whether there may be such a part. */
  boolean has(String key) {
    return parts.containsKey(key);
  }

  /**
   * Copies a part.
   *
   * @return whether it was there; if not, nothing was written
   */
  boolean copy(String key, OutputStream to) throws IOException {
    Part part = parts.get(key);
    if (part == null || !isIntact(part)) {
      return false;
    }
    read(part, (bytes, length) -> to.write(bytes, 0, length));
    copied += part.length();
    return true;
  }

  /** Bytes that were copied so far. */
  long copied() {
    return copied;
  }

  private boolean isIntact(Part part) {
    CRC32C checksum = new CRC32C();
    try {
      read(part, (bytes, length) -> checksum.update(bytes, 0, length));
    } catch (IOException broken) {
      return false;
    }
    return checksum.getValue() == part.checksum();
  }

  private void read(Part part, Sink sink) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, part.length()));
    for (long done = 0; done < part.length(); done += buffer.position()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), part.length() - done));
      if (file.orElseThrow().read(buffer, part.offset() + done) < 0) {
        throw new IOException("the file is cut");
      }
      sink.take(buffer.array(), buffer.position());
    }
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
