package io.tarkiln.e2e.conformance.cases;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cases of the suite, and the base images that they are built on. */
public final class CaseSuite {
  private CaseSuite() {}

  /** The folder in this checkout that has all data of the suite. */
  public static Path folder() throws IOException {
    return GoTools.home().resolve("deploy/e2e/src/test/resources/io/tarkiln/e2e/conformance");
  }

  /** All cases, by topic. */
  public static List<ConformanceCase> all() throws IOException {
    List<ConformanceCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder().resolve("cases"))) {
      files.sorted().forEach(file -> cases.addAll(read(file)));
    }
    return cases;
  }

  /** What the base images are built from, each after those that it is built on. */
  public static List<ConformanceCase> bases() throws IOException {
    return read(folder().resolve("bases.txt"));
  }

  private static List<ConformanceCase> read(Path file) {
    String topic = file.getFileName().toString().replaceFirst("\\.txt$", "");
    try {
      return CaseReader.read(topic, Files.readString(file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
