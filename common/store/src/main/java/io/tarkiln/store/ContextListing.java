package io.tarkiln.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The list of a build context's files that lies beside its archive, at {@link
 * ObjectKeys#sourceFiles}.
 *
 * <p>It is gzip of one record per entry: {@code <mode in octal digits> <git object id>} NUL {@code
 * <path>} NUL {@code <link target>} NUL, all of them bytes. Records are in git's order, that of
 * their paths as unsigned bytes; so the same files make the same list.
 */
public final class ContextListing {
  /** As many as checkout-worker takes of one context unless it is told otherwise. */
  static final int MAX_ENTRIES = 1_000_000;

  /** Bytes of a whole list before compression; as many files with paths of 200 bytes. */
  static final long MAX_BYTES = 256L << 20;

  private static final int BUFFER = 1 << 16;

  private ContextListing() {}

  /** Writes a list file by file, so that nobody has to hold all of it. */
  public static final class Writer {
    private final GZIPOutputStream gzip;
    private final OutputStream out;
    private String before = "";

    /** Writes to a stream and leaves it open. */
    public Writer(OutputStream to) throws IOException {
      gzip = new GZIPOutputStream(to, BUFFER);
      out = new BufferedOutputStream(gzip, BUFFER);
    }

    /**
     * Adds a file.
     *
     * @throws IllegalArgumentException when one of the files before belongs behind it
     */
    public void add(ContextEntry file) throws IOException {
      if (before.compareTo(file.path()) >= 0) {
        throw new IllegalArgumentException("files must be in the order of their paths");
      }
      before = file.path();
      String head = Integer.toOctalString(file.mode()) + " " + file.objectId();
      String record = head + "\0" + before + "\0" + file.target() + "\0";
      out.write(record.getBytes(ISO_8859_1));
    }

    /** Ends the list. */
    public void finish() throws IOException {
      out.flush();
      gzip.finish();
    }
  }

  /**
   * Reads a list to its end and leaves the stream open. At most a million entries and 256 MiB
   * before compression are read, whatever an object in S3 may hold: the first is what
   * checkout-worker takes of one context by default ({@code TARKILN_SOURCE_LIMIT_FILES}).
   *
   * @throws IOException when it breaks off, or is no such list
   * @throws RejectedException when it is longer
   */
  public static List<ContextEntry> read(InputStream from) throws IOException, RejectedException {
    return read(from, MAX_ENTRIES, MAX_BYTES);
  }

  static List<ContextEntry> read(InputStream from, int most, long mostBytes)
      throws IOException, RejectedException {
    Fields fields = new Fields(from, mostBytes);
    List<ContextEntry> files = new ArrayList<>();
    String before = "";
    for (Optional<String> head = fields.next(); head.isPresent(); head = fields.next()) {
      if (files.size() == most) {
        throw tooLong(most + " files");
      }
      ContextEntry file = file(head.get(), fields.text(), fields.text());
      if (before.compareTo(file.path()) >= 0) {
        throw new IOException("the list of the source's files is not in order");
      }
      before = file.path();
      files.add(file);
    }
    return files;
  }

  private static ContextEntry file(String head, String path, String target) throws IOException {
    int space = head.indexOf(' ');
    try {
      return new ContextEntry(
          Integer.parseInt(head.substring(0, Math.max(space, 0)), 8),
          head.substring(space + 1),
          path,
          target);
    } catch (IllegalArgumentException broken) {
      throw new IOException("the list of the source's files has a broken record", broken);
    }
  }

  private static RejectedException tooLong(String most) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "the list of the build context's files has more than %s: choose a smaller context, or ignore more of it in .dockerignore"
            .formatted(most));
  }

  /** Texts that each end with a NUL. */
  private static final class Fields {
    private final InputStream in;
    private final long most;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private long bytes;

    Fields(InputStream from, long most) throws IOException {
      this.in = new BufferedInputStream(new GZIPInputStream(from, BUFFER), BUFFER);
      this.most = most;
    }

    /** The next one; empty at the end. */
    Optional<String> next() throws IOException, RejectedException {
      field.reset();
      for (int single = in.read(); single != 0; single = in.read()) {
        if (single < 0) {
          if (field.size() > 0) {
            throw new IOException("the list of the source's files breaks off");
          }
          return Optional.empty();
        }
        if (++bytes > most) {
          throw tooLong(most + " bytes");
        }
        field.write(single);
      }
      bytes++;
      return Optional.of(field.toString(ISO_8859_1));
    }

    String text() throws IOException, RejectedException {
      return next().orElseThrow(() -> new IOException("the list of the source's files breaks off"));
    }
  }
}
