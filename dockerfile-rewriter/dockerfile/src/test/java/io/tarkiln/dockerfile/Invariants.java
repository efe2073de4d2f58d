package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.dockerfile.kaniko.DialectInvariants;
import io.tarkiln.dockerfile.syntax.InstructionParser;
import io.tarkiln.dockerfile.syntax.ParseException;
import io.tarkiln.dockerfile.syntax.Token;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** What is true of every file, Dockerfile or not. */
final class Invariants {
  private static final ProxyMap PROXIES =
      new ProxyMap(
          Map.of("docker.io", "harbor.example/dockerhub", "ghcr.io", "harbor.example/ghcr"));
  private static final Map<String, String> ARGUMENTS = Map.of("TAG", "3.19", "V", "");
  private static final DockerfileRewriter REWRITER = new DockerfileRewriter(PROXIES);
  private static final DockerfileRewriter TO_NOWHERE =
      new DockerfileRewriter(new ProxyMap(Map.of()));

  private Invariants() {}

  /** Checks all of them. */
  static void hold(byte[] file) {
    RewriteResult rewritten = REWRITER.rewrite(file, ARGUMENTS);

    if (rewritten.error().isPresent()) {
      assertThat(rewritten.dockerfile()).isEqualTo(file);
      assertThat(rewritten.changed()).isFalse();
      assertThat(rewritten.error().get().line()).isPositive();
    } else {
      assertThat(undone(file, rewritten)).as("put back what was replaced").isEqualTo(file);
    }
    assertThat(rewritten.baseImages())
        .filteredOn(image -> image.why() != RewriteReason.REWRITTEN)
        .allSatisfy(image -> assertThat(image.after()).isEqualTo(image.before()));
    RewriteResult again = REWRITER.rewrite(rewritten.dockerfile(), ARGUMENTS);
    assertThat(again.changed()).as("rewritten again").isFalse();
    assertThat(again.dockerfile()).isEqualTo(rewritten.dockerfile());
    assertThat(again.baseImages())
        .as("names in the result")
        .extracting(ImageOperand::before)
        .isEqualTo(rewritten.baseImages().stream().map(ImageOperand::after).toList());
    assertThat(TO_NOWHERE.rewrite(file, ARGUMENTS).dockerfile()).isEqualTo(file);
    DialectInvariants.hold(file, ARGUMENTS);
  }

  /** The result with each new name taken out and the bytes it stands for put back. */
  private static byte[] undone(byte[] before, RewriteResult rewritten) {
    byte[] after = rewritten.dockerfile();
    ByteArrayOutputStream undone = new ByteArrayOutputStream();
    int read = 0;
    int grown = 0;
    for (ImageRewriter.Decision decision : decisions(before)) {
      if (decision.image().why() == RewriteReason.REWRITTEN) {
        Token.Range range = decision.range();
        int start = range.start() + grown;
        int length = decision.replacement().length();
        assertThat(new String(after, start, length, ISO_8859_1)).isEqualTo(decision.replacement());
        undone.write(after, read, start - read);
        undone.write(before, range.start(), range.end() - range.start());
        read = start + length;
        grown += length - (range.end() - range.start());
      }
    }
    undone.write(after, read, after.length - read);
    return undone.toByteArray();
  }

  private static Iterable<ImageRewriter.Decision> decisions(byte[] file) {
    try {
      return ImageRewriter.decide(InstructionParser.read(file), PROXIES, ARGUMENTS);
    } catch (ParseException refused) {
      throw new AssertionError("it was read before", refused);
    }
  }
}
