package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the specification's cases do not show. */
class DockerfileRewriterTest {
  private static final ProxyMap PROXIES =
      ProxyMap.of(List.of("docker.io=hub.example/dockerhub-proxy"));

  private final DockerfileRewriter rewriter = new DockerfileRewriter(PROXIES);

  @Test
  void reports_every_operand_with_line_and_reason() {
    RewriteResult rewritten =
        rewrite(
            "ARG V\n\nFROM alpine AS x\nCOPY --from=quay.io/a/b c d\nFROM x\nFROM y:$V\n"
                + "ONBUILD RUN --mount=from=z,target=/z ls\n");

    assertThat(rewritten.baseImages())
        .extracting(
            ImageOperand::line,
            ImageOperand::instruction,
            ImageOperand::before,
            ImageOperand::why,
            ImageOperand::detail)
        .containsExactly(
            tuple(3, "FROM", "alpine", RewriteReason.REWRITTEN, ""),
            tuple(4, "COPY --from", "quay.io/a/b", RewriteReason.UNMAPPED, "quay.io"),
            tuple(5, "FROM", "x", RewriteReason.STAGE, ""),
            tuple(6, "FROM", "y:$V", RewriteReason.UNRESOLVED, "V"),
            tuple(7, "RUN --mount", "z", RewriteReason.ONBUILD, ""));
  }

  @Test
  void changes_nothing_without_proxies() {
    RewriteResult rewritten =
        new DockerfileRewriter(new ProxyMap(Map.of()))
            .rewrite("FROM alpine\n".getBytes(ISO_8859_1), Map.of());

    assertThat(text(rewritten)).isEqualTo("FROM alpine\n");
    assertThat(rewritten.changed()).isFalse();
    assertThat(rewritten.baseImages().get(0).why()).isEqualTo(RewriteReason.UNMAPPED);
  }

  @Test
  void says_what_is_wrong_with_a_proxy() {
    assertThatThrownBy(() -> ProxyMap.parse("docker.io"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'docker.io' is no proxy");
    assertThatThrownBy(() -> ProxyMap.parse("docker.io=https://harbor.example/x"))
        .hasMessageContaining("without https://");
    assertThatThrownBy(() -> ProxyMap.parse("docker.io=harbor/x"))
        .hasMessageContaining("begin with a host");
    assertThatThrownBy(() -> ProxyMap.parse("docker.io=harbor.example/a//b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ProxyMap.parse(" docker.io = harbor.example/x/ , ").isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"index.docker.io", "registry-1.docker.io", "docker.io/"})
  void knows_docker_hub_by_its_other_names(String name) {
    DockerfileRewriter others =
        new DockerfileRewriter(ProxyMap.of(List.of(name + "=hub.example/x")));

    assertThat(text(others.rewrite("FROM alpine".getBytes(ISO_8859_1), Map.of())))
        .isEqualTo("FROM hub.example/x/library/alpine");
  }

  @Test
  void reports_names_as_they_are_written() {
    RewriteResult rewritten = rewrite("FROM \u00c3\u00a9\n");

    assertThat(rewritten.baseImages().get(0).before()).isEqualTo("\u00e9");
  }

  private RewriteResult rewrite(String file) {
    return rewriter.rewrite(file.getBytes(ISO_8859_1), Map.of());
  }

  private static String text(RewriteResult rewritten) {
    return new String(rewritten.dockerfile(), ISO_8859_1);
  }

  @Test
  void knows_the_platform_in_names_unless_the_build_or_the_file_says_another() {
    DockerfileRewriter rewriter =
        new DockerfileRewriter(
            new ProxyMap(Map.of("docker.io", "p.example/hub")), Platform.parse("linux/arm/v7"));
    byte[] file = "FROM a:$TARGETARCH$TARGETVARIANT\n".getBytes(UTF_8);

    assertThat(new String(rewriter.rewrite(file, Map.of()).dockerfile(), UTF_8))
        .isEqualTo("FROM p.example/hub/library/a:armv7\n");
    assertThat(
            new String(rewriter.rewrite(file, Map.of("TARGETARCH", "s390x")).dockerfile(), UTF_8))
        .isEqualTo("FROM p.example/hub/library/a:s390xv7\n");
  }
}
