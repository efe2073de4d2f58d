package io.tarkiln.e2e.conformance.cases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Makes an archive from lines, one an entry: {@code file MODE UID:GID path content}, {@code dir
 * MODE UID:GID path}, {@code link path target} or {@code hard path target}.
 */
final class TarText {
  private static final Date TIME = new Date(1_600_000_000_000L);

  private TarText() {}

  /** The archive, compressed as its name says. */
  static byte[] archive(String name, List<String> lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Map<String, TarArchiveEntry> files = new HashMap<>();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String line : lines) {
        put(tar, line.split(" "), files);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return compressed(name, bytes.toByteArray());
  }

  private static void put(
      TarArchiveOutputStream tar, String[] words, Map<String, TarArchiveEntry> files)
      throws IOException {
    String content = "";
    TarArchiveEntry entry;
    switch (words[0]) {
      case "file", "dir" -> {
        boolean isFolder = words[0].equals("dir");
        entry = new TarArchiveEntry(words[3] + (isFolder ? "/" : ""), true);
        entry.setMode(Integer.parseInt(words[1], 8));
        String[] owner = words[2].split(":");
        entry.setIds(Integer.parseInt(owner[0]), Integer.parseInt(owner[1]));
        content = isFolder || words.length < 5 ? "" : words[4] + "\n";
      }
      case "link", "hard" -> {
        byte type = words[0].equals("link") ? TarConstants.LF_SYMLINK : TarConstants.LF_LINK;
        entry = new TarArchiveEntry(words[1], type, true);
        entry.setLinkName(words[2]);
        if (type == TarConstants.LF_LINK) { // Whoever unpacks it gives both names what it says.
          TarArchiveEntry target = files.get(words[2]);
          entry.setMode(target.getMode());
          entry.setIds((int) target.getLongUserId(), (int) target.getLongGroupId());
        }
      }
      default ->
          throw new IllegalArgumentException(
              "'%s' is no entry of an archive: there are file, dir, link, hard"
                  .formatted(words[0]));
    }
    files.put(entry.getName(), entry);
    entry.setModTime(TIME);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /** The bytes, compressed as a name's end says. */
  static byte[] compressed(String name, byte[] bytes) {
    String format =
        name.endsWith("gz")
            ? CompressorStreamFactory.GZIP
            : name.endsWith(".bz2")
                ? CompressorStreamFactory.BZIP2
                : name.endsWith(".xz")
                    ? CompressorStreamFactory.XZ
                    : name.endsWith(".zst") ? CompressorStreamFactory.ZSTANDARD : "";
    if (format.isEmpty()) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream to =
        new CompressorStreamFactory().createCompressorOutputStream(format, out)) {
      to.write(bytes);
    } catch (IOException failed) {
      throw new IllegalArgumentException("cannot write " + name, failed);
    }
    return out.toByteArray();
  }
}
