package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads archives. */
public final class ArchiveReader {
  private ArchiveReader() {}

  /** Names to kind, and link target or executable bit and content. */
  public static Map<String, String> entries(byte[] gzip) throws Exception {
    Map<String, String> entries = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new ByteArrayInputStream(gzip)), ISO_8859_1.name())) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        String content = new String(tar.readAllBytes(), ISO_8859_1);
        String before =
            entries.put(
                each.getName(),
                each.isDirectory()
                    ? "folder"
                    : each.isSymbolicLink()
                        ? "link " + each.getLinkName()
                        : "file %s %s".formatted((each.getMode() & 0100) != 0, content));
        assertThat(before).as(each.getName() + " twice").isNull();
      }
    }
    return entries;
  }
}
