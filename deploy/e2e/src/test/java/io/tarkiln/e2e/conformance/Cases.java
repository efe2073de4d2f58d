package io.tarkiln.e2e.conformance;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cases of the suite, and the base images that they are built on. */
final class Cases {
  private Cases() {}

  /** The folder in this checkout that has all data of the suite. */
  static Path folder() throws IOException {
    return GoTools.home().resolve("deploy/e2e/src/test/resources/io/tarkiln/e2e/conformance");
  }

  /** All cases, by topic. */
  static List<Case> all() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder().resolve("cases"))) {
      files.sorted().forEach(file -> cases.addAll(read(file)));
    }
    return cases;
  }

  /** What the base images are built from, each after those that it is built on. */
  static List<Case> bases() throws IOException {
    return read(folder().resolve("bases.txt"));
  }

  private static List<Case> read(Path file) {
    String topic = file.getFileName().toString().replaceFirst("\\.txt$", "");
    try {
      return CaseReader.read(topic, Files.readString(file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
