package io.tarkiln.kaniko.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kaniko")
class RunUploadsTest {
  @TempDir private Path folder;

  @Test
  void nothing_but_a_regular_file_is_uploaded() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "not the build's\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), secret);
    Path directory = Files.createDirectory(folder.resolve("directory"));
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    try (ObjectStore store = TestS3.newStore()) {
      RunUploads uploads = new RunUploads(store, Duration.ZERO);
      for (Path place : List.of(link, directory, pipe, Path.of("/dev/zero"))) {
        assertThatThrownBy(() -> uploads.once(place, "builds/tar"))
            .isInstanceOf(UnavailableException.class)
            .hasStackTraceContaining("is no regular file");
      }
      assertThat(store.exists("builds/tar")).isFalse();
      assertThat(uploads.once(secret, "builds/tar")).isEqualTo(Files.size(secret));
    }
  }
}
