package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks for a file that breaks an invariant, led by what the code covers. It begins with the cases
 * of the specification. CONTRIBUTING.md says how to let it run for longer.
 */
class DockerfileRewriterFuzzTest {
  static List<byte[]> seeds() {
    return Stream.concat(
            Specification.cases().stream().map(Specification.Case::before),
            HostileDockerfiles.read().values().stream()
                .map(file -> file.substring(0, Math.min(file.length(), 300)).getBytes(ISO_8859_1)))
        .toList();
  }

  @MethodSource("seeds")
  @DictionaryFile(resourcePath = "dockerfile.dict")
  @FuzzTest
  void any_bytes(byte[] file) {
    Invariants.hold(file);
  }
}
