package io.tarkiln.kaniko.local;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Reads the files of an image from its tar in S3. */
public final class ImageTarReader {
  private ImageTarReader() {}

  /** Contents by path, of all layers; empty for what is no file. */
  public static Map<String, String> files(ObjectStore store, String key)
      throws IOException, UnavailableException {
    Map<String, String> files = new LinkedHashMap<>();
    InputStream image = store.open(key).orElseThrow();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(image)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith(".tar.gz")) {
          layer(tar.readAllBytes(), files);
        }
      }
    }
    return files;
  }

  private static void layer(byte[] layer, Map<String, String> files) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            GzipCompressorInputStream.builder()
                .setInputStream(new ByteArrayInputStream(layer))
                .get())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName().replaceAll("^/|/$", ""), new String(tar.readAllBytes()));
      }
    }
  }
}
