package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.samples.dockerfile.HostileDockerfiles;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are made to take time or memory. Each is as large as may be; what it takes is measured
 * by {@code deploy/bench/rewrite}. The time-out only ends a test that would never end.
 */
@Timeout(
    value = 2,
    unit = java.util.concurrent.TimeUnit.MINUTES,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileDockerfileTest {
  private final DockerfileRewriter rewriter =
      new DockerfileRewriter(ProxyMap.of(List.of("docker.io=hub.example/x")));

  static Stream<Arguments> read() {
    return HostileDockerfiles.read().entrySet().stream()
        .map(one -> Arguments.of(one.getKey(), one.getValue()));
  }

  static Stream<Arguments> refused() {
    return HostileDockerfiles.refused().entrySet().stream()
        .map(one -> Arguments.of(one.getKey(), one.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void read(String what, String file) {
    RewriteResult rewritten = rewrite(file);

    assertThat(rewritten.error()).isEmpty();
    assertThat(rewritten.baseImages()).isNotEmpty();
    assertThat((long) rewritten.dockerfile().length).isLessThan(40L * file.length());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String what, String file) {
    RewriteResult rewritten = rewrite(file);

    assertThat(new String(rewritten.dockerfile(), ISO_8859_1)).isEqualTo(file);
    assertThat(rewritten.error().orElseThrow().line()).isPositive();
    assertThat(rewritten.error().orElseThrow().message()).isNotBlank().hasSizeLessThan(200);
  }

  private RewriteResult rewrite(String file) {
    return rewriter.rewrite(file.getBytes(ISO_8859_1), Map.of());
  }
}
