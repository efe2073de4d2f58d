package io.tarkiln.dockerfile;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tarkiln.samples.dockerfile.Specification;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks for a file that breaks an invariant, led by what the code covers. It begins with cases of
 * the specification. CONTRIBUTING.md says how to let it run for longer.
 */
class DockerfileRewriterFuzzTest {
  /** One case in ten: each costs the start of a test. */
  static List<byte[]> seeds() {
    List<Specification.Case> cases = Specification.cases();
    return IntStream.range(0, cases.size() / 10).mapToObj(i -> cases.get(10 * i).before()).toList();
  }

  @MethodSource("seeds")
  @DictionaryFile(resourcePath = "dockerfile.dict")
  @FuzzTest
  void any_bytes(byte[] file) {
    Invariants.hold(file);
  }
}
