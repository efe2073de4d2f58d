package io.tarkiln.bench.checkout;

import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.ObjectUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What a CI job does: {@code git clone --depth 1}, {@code tar | gzip}, and upload.
 *
 * @param work a folder that is emptied before each run
 * @param context the folder to send
 */
record CloneAndTar(ObjectStore store, String url, Path work, String context) {
  void clean() throws IOException {
    if (Files.exists(work)) {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  void run() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "git clone --quiet --depth 1 \"$1\" \"$2\" && tar -C \"$2\" --exclude=.git -c"
                    + " \"$3\" | gzip",
                "sh",
                url,
                work.toString(),
                context)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (ObjectUpload upload = store.upload("bench/clone.tar.gz")) {
      shell.getInputStream().transferTo(upload);
      if (shell.waitFor() != 0) {
        throw new IOException("git clone failed");
      }
      upload.complete();
    }
  }
}
