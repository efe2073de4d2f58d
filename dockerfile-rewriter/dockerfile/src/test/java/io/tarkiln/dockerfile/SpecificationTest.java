package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.samples.dockerfile.Specification;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rewriter does what the specification says. */
class SpecificationTest {
  static List<Specification.Case> cases() {
    return Specification.cases();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void holds(Specification.Case one) {
    DockerfileRewriter rewriter = new DockerfileRewriter(new ProxyMap(one.proxies()));

    RewriteResult rewritten = rewriter.rewrite(one.before(), one.buildArgs());

    assertThat(new String(rewritten.dockerfile(), ISO_8859_1))
        .isEqualTo(new String(one.after(), ISO_8859_1));
    assertThat(rewritten.error().map(error -> OptionalInt.of(error.line())))
        .as("error %s", rewritten.error())
        .isEqualTo(
            one.error().isPresent()
                ? java.util.Optional.of(one.error())
                : java.util.Optional.empty());
    assertThat(rewritten.baseImages().stream().map(SpecificationTest::line))
        .isEqualTo(one.report());
    assertThat(rewriter.rewrite(rewritten.dockerfile(), one.buildArgs()).dockerfile())
        .as("rewritten again")
        .isEqualTo(rewritten.dockerfile());
  }

  @Test
  void cites_a_rule_for_every_case_and_has_none_twice() {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(150);
    assertThat(cases()).allSatisfy(one -> assertThat(one.rule()).as(one.title()).isNotBlank());
    assertThat(cases())
        .extracting(one -> new String(one.before(), ISO_8859_1) + one.buildArgs() + one.proxies())
        .satisfies(all -> assertThat(new HashSet<>(all)).hasSameSizeAs(all));
  }

  private static String line(ImageOperand image) {
    return "%d %s %s %s"
        .formatted(image.line(), image.instruction(), image.why().wire(), image.detail())
        .strip();
  }
}
