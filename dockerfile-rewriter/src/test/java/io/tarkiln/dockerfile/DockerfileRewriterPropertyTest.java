package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is true of every file. */
class DockerfileRewriterPropertyTest {
  private static final ProxyMap PROXIES =
      new ProxyMap(
          Map.of("docker.io", "harbor.example/dockerhub", "ghcr.io", "harbor.example/ghcr"));
  private static final Map<String, String> ARGUMENTS = Map.of("TAG", "3.19");

  private final DockerfileRewriter rewriter = new DockerfileRewriter(PROXIES);

  @Property
  void rewriting_again_changes_nothing(@ForAll long seed) {
    byte[] once = rewrite(file(seed)).dockerfile();
    Rewritten twice = rewrite(once);

    assertThat(twice.dockerfile()).isEqualTo(once);
    assertThat(twice.changed()).isFalse();
  }

  /** Put back where it stood, what was replaced makes the original again. */
  @Property
  void bytes_outside_operands_stay(@ForAll long seed) throws ParseException {
    byte[] before = file(seed);
    Rewritten rewritten = rewrite(before);
    if (rewritten.error().isPresent()) {
      assertThat(rewritten.dockerfile()).isEqualTo(before);
      return;
    }
    ByteArrayOutputStream undone = new ByteArrayOutputStream();
    int read = 0;
    int grown = 0;
    for (ImageOperands.Decision decision :
        ImageOperands.decide(Instructions.read(before), PROXIES, ARGUMENTS)) {
      if (decision.image().why() == Why.REWRITTEN) {
        int start = decision.range().start() + grown;
        int length = decision.image().after().length();
        assertThat(new String(rewritten.dockerfile(), start, length, ISO_8859_1))
            .isEqualTo(decision.image().after());
        undone.write(rewritten.dockerfile(), read, start - read);
        undone.write(
            before, decision.range().start(), decision.range().end() - decision.range().start());
        read = start + length;
        grown += length - (decision.range().end() - decision.range().start());
      }
    }
    undone.write(rewritten.dockerfile(), read, rewritten.dockerfile().length - read);
    assertThat(undone.toByteArray()).isEqualTo(before);
  }

  @Property
  void stages_and_scratch_are_left(@ForAll long seed) {
    assertThat(rewrite(file(seed)).baseImages())
        .filteredOn(image -> image.why() != Why.REWRITTEN)
        .allSatisfy(image -> assertThat(image.after()).isEqualTo(image.before()));
  }

  @Property
  void without_a_proxy_nothing_changes(@ForAll long seed) {
    byte[] file = file(seed);

    assertThat(new DockerfileRewriter(new ProxyMap(Map.of())).rewrite(file, Map.of()).dockerfile())
        .isEqualTo(file);
  }

  @Property
  void any_bytes_are_read_or_refused(@ForAll @Size(max = 300) byte[] bytes) {
    Rewritten rewritten = rewrite(bytes);

    assertThat(rewritten.error().isPresent() && rewritten.changed()).isFalse();
  }

  /** Damage to a file that was one: a byte more, less or different anywhere. */
  @Property
  void a_damaged_file_is_read_or_refused(
      @ForAll long seed, @ForAll @IntRange(max = 4000) int place, @ForAll byte other) {
    byte[] file = file(seed);
    List<Byte> bytes = new ArrayList<>();
    for (byte one : file) {
      bytes.add(one);
    }
    int at = file.length == 0 ? 0 : place % file.length;
    if (place % 3 == 0 || file.length == 0) {
      bytes.add(at, other);
    } else if (place % 3 == 1) {
      bytes.remove(at);
    } else {
      bytes.set(at, other);
    }
    byte[] damaged = new byte[bytes.size()];
    for (int i = 0; i < damaged.length; i++) {
      damaged[i] = bytes.get(i);
    }

    Rewritten rewritten = rewrite(damaged);

    assertThat(rewritten.error().isEmpty() || Arrays.equals(rewritten.dockerfile(), damaged))
        .isTrue();
    assertThat(rewrite(rewritten.dockerfile()).dockerfile()).isEqualTo(rewritten.dockerfile());
  }

  private Rewritten rewrite(byte[] file) {
    return rewriter.rewrite(file, ARGUMENTS);
  }

  private static byte[] file(long seed) {
    return new DockerfileGenerator(seed).next().getBytes(ISO_8859_1);
  }
}
