package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** Finds the members of a tar by walking its headers; bodies are jumped over. */
final class TarIndex {
  private static final int BLOCK = 512;
  private static final int MAX_HEADERS = 5000;
  private static final int MAX_EXTENSION = 64 << 10;
  private static final String CUT_OFF = "it ends without an end mark, so it is cut off";
  private static final int MAX_PADDING = 64 << 10;

  private final TarWindow window;
  private final Map<String, TarMember> members = new HashMap<>();
  private PaxHeader extension = PaxHeader.NONE;

  private TarIndex(TarWindow window) {
    this.window = window;
  }

  /** All regular files by name. */
  static Map<String, TarMember> of(TarWindow window)
      throws RejectedException, UnavailableException {
    TarIndex index = new TarIndex(window);
    index.walk();
    return index.members;
  }

  private void walk() throws RejectedException, UnavailableException {
    long at = 0;
    for (int headers = 0; at + BLOCK <= window.size(); headers++) {
      // What follows the header says what the member is, and costs no request of its own here.
      byte[] start = window.read(at, (int) Math.min(BLOCK + Compression.MAGIC, window.size() - at));
      byte[] header = Arrays.copyOf(start, BLOCK);
      if (isZero(header)) {
        checkEnd(at);
        return;
      }
      if (headers == MAX_HEADERS) {
        throw bad("it has more than %d members".formatted(MAX_HEADERS));
      }
      TarArchiveEntry entry = parse(header, at);
      boolean isExtension = entry.getLinkFlag() == TarConstants.LF_PAX_EXTENDED_HEADER_LC;
      long size = isExtension ? entry.getSize() : extension.size().orElse(entry.getSize());
      long body = at + BLOCK;
      if (size < 0 || size > window.size() - body) {
        throw bad("the member at byte %d claims %d bytes, which are not there".formatted(at, size));
      }
      if (isExtension) {
        extend(body, size);
      } else {
        int known = (int) Math.min(start.length, BLOCK + size);
        add(entry, body, size, Compression.of(Arrays.copyOfRange(start, BLOCK, known)));
      }
      at = body + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    throw noHeader(window.read(0, (int) Math.min(BLOCK, window.size())), at, CUT_OFF);
  }

  /** Behind the end mark some programs fill up to whole records; nothing may hide there. */
  private void checkEnd(long at) throws RejectedException, UnavailableException {
    long rest = window.size() - at;
    if (rest > MAX_PADDING || !isZero(window.read(at, (int) rest))) {
      throw bad("something follows its end mark");
    }
  }

  /** A header that begins at this byte of the tar. */
  private static TarArchiveEntry parse(byte[] header, long at) throws RejectedException {
    try {
      TarArchiveEntry entry =
          new TarArchiveEntry(header, ZipEncodingHelper.getZipEncoding(UTF_8.name()), false);
      if (entry.isCheckSumOK()) {
        return entry;
      }
    } catch (IOException | IllegalArgumentException broken) {
      throw noHeader(header, at, "the header at byte %d is broken".formatted(at));
    }
    throw noHeader(header, at, "the header at byte %d has a wrong checksum".formatted(at));
  }

  private static RejectedException noHeader(byte[] start, long at, String otherwise) {
    return bad(
        (at == 0 ? OtherArchive.byStart(start) : Optional.<String>empty()).orElse(otherwise));
  }

  private void extend(long body, long size) throws RejectedException, UnavailableException {
    if (size > MAX_EXTENSION) {
      throw bad("an extended header is larger than %d bytes".formatted(MAX_EXTENSION));
    }
    extension = PaxHeader.parse(window.read(body, (int) size));
  }

  private void add(TarArchiveEntry entry, long body, long size, Compression compression)
      throws RejectedException {
    String name = extension.path().orElse(entry.getName());
    extension = PaxHeader.NONE;
    if (name.startsWith("/") || name.matches("(?s)(.*/)?\\.\\.(/.*)?")) {
      throw bad("'%s' leads out of the tar".formatted(shown(name)));
    }
    byte type = entry.getLinkFlag();
    if (type == TarConstants.LF_DIR) {
      return;
    }
    if (type != TarConstants.LF_NORMAL && type != TarConstants.LF_OLDNORM) {
      throw bad("'%s' is no regular file".formatted(shown(name)));
    }
    if (members.put(name, new TarMember(name, body, size, compression)) != null) {
      throw bad("'%s' is there twice".formatted(shown(name)));
    }
  }

  static RejectedException bad(String why) {
    return new RejectedException(
        Reason.BAD_IMAGE_TAR, "the image tar is not one that Kaniko writes: " + why);
  }

  /** A hostile name as it may be shown. */
  static String shown(String name) {
    return PrintableText.ascii(name, 100);
  }

  private static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
