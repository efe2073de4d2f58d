package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The specification, as a table: a Dockerfile, and what becomes of it. */
class DockerfileRewriterTest {
  private static final ProxyMap PROXIES =
      ProxyMap.of(
          List.of(
              "docker.io=hub.example/dockerhub-proxy",
              "gcr.io=hub.example/gcr-proxy",
              "ghcr.io/acme=hub.example/acme-proxy",
              "reg.example:5000=hub.example/reg-proxy"));
  private static final String HUB = "hub.example/dockerhub-proxy/";
  private static final Map<String, String> ARGS =
      Map.of("OVERRIDDEN", "busybox", "TARGETARCH", "arm64");

  private final DockerfileRewriter rewriter = new DockerfileRewriter(PROXIES);

  static Stream<Arguments> names() {
    return Stream.of(
        name("alpine", HUB + "library/alpine"),
        name("alpine:3.20", HUB + "library/alpine:3.20"),
        name("library/alpine", HUB + "library/alpine"),
        name("bitnami/redis:7", HUB + "bitnami/redis:7"),
        name("a/b/c", HUB + "a/b/c"),
        name("docker.io/alpine", HUB + "library/alpine"),
        name("docker.io/library/alpine", HUB + "library/alpine"),
        name("docker.io/bitnami/redis", HUB + "bitnami/redis"),
        name("index.docker.io/library/alpine", HUB + "library/alpine"),
        name("alpine@sha256:" + "a".repeat(64), HUB + "library/alpine@sha256:" + "a".repeat(64)),
        name(
            "alpine:3@sha256:" + "b".repeat(64), HUB + "library/alpine:3@sha256:" + "b".repeat(64)),
        name("gcr.io/distroless/static:nonroot", "hub.example/gcr-proxy/distroless/static:nonroot"),
        name("ghcr.io/acme/tool:1", "hub.example/acme-proxy/tool:1"),
        name("reg.example:5000/x/y:z", "hub.example/reg-proxy/x/y:z"),
        left("ghcr.io/other/tool:1", Why.UNMAPPED),
        left("quay.io/x/y", Why.UNMAPPED),
        left("localhost/x", Why.UNMAPPED),
        left("localhost:5000/x", Why.UNMAPPED),
        left("Upper/x", Why.UNMAPPED),
        left("reg.example/x", Why.UNMAPPED),
        left("hub.example/dockerhub-proxy/library/alpine", Why.ALREADY_PROXIED),
        left("hub.example/other/x", Why.ALREADY_PROXIED),
        left("scratch", Why.SCRATCH),
        left("UPPER", Why.INVALID),
        left("alpine:", Why.INVALID),
        left("alpine:a:b", Why.INVALID),
        left("a//b", Why.INVALID),
        left("alpine@sha256:zz", Why.INVALID),
        left("-alpine", Why.INVALID),
        left("$NOWHERE", Why.UNRESOLVED),
        left("alpine:${NOWHERE}", Why.UNRESOLVED));
  }

  @ParameterizedTest(name = "FROM {0}")
  @MethodSource("names")
  void decides_by_name(String before, String after, Why why) {
    Rewritten rewritten = rewrite("FROM " + before + "\n");

    assertThat(text(rewritten)).isEqualTo("FROM " + after + "\n");
    assertThat(rewritten.baseImages())
        .extracting(BaseImage::why, BaseImage::before, BaseImage::after)
        .containsExactly(tuple(why, before, after));
  }

  static Stream<Arguments> forms() {
    String a = HUB + "library/alpine";
    String b = HUB + "library/busybox";
    return Stream.of(
        form("lower case keyword", "from alpine\n", "from " + a + "\n"),
        form("no newline at the end", "FROM alpine", "FROM " + a),
        form("leading space", "  \tFROM alpine\n", "  \tFROM " + a + "\n"),
        form("many spaces", "FROM \t alpine \t AS  x \n", "FROM \t " + a + " \t AS  x \n"),
        form("CRLF", "FROM alpine\r\nRUN x\r\n", "FROM " + a + "\r\nRUN x\r\n"),
        form("mixed line ends", "FROM alpine\r\nRUN x\n", "FROM " + a + "\r\nRUN x\n"),
        form(
            "byte order mark",
            "\u00ef\u00bb\u00bfFROM alpine\n",
            "\u00ef\u00bb\u00bfFROM " + a + "\n"),
        form(
            "platform flag",
            "FROM --platform=$BUILDPLATFORM alpine\n",
            "FROM --platform=$BUILDPLATFORM " + a + "\n"),
        form("unknown flag", "FROM --later=x alpine AS y\n", "FROM --later=x " + a + " AS y\n"),
        form("comment before", "# FROM busybox\nFROM alpine\n", "# FROM busybox\nFROM " + a + "\n"),
        form("quotes", "FROM \"alpine\"\n", "FROM " + a + "\n"),
        form("continuation", "FROM \\\n  alpine\n", "FROM \\\n  " + a + "\n"),
        form("continuation within the name", "FROM al\\\npine\n", "FROM " + a + "\n"),
        form(
            "comment within a continuation",
            "FROM \\\n# no\n\nalpine\n",
            "FROM \\\n# no\n\n" + a + "\n"),
        form("spaces after the backslash", "FROM \\  \nalpine\n", "FROM \\  \n" + a + "\n"),
        form("backtick escape", "# escape=`\nFROM `\nalpine\n", "# escape=`\nFROM `\n" + a + "\n"),
        form(
            "directive after a comment does not count",
            "# hi\n# escape=`\nFROM \\\nalpine\n",
            "# hi\n# escape=`\nFROM \\\n" + a + "\n"),
        form(
            "syntax directive",
            "# syntax=docker/dockerfile:1\nFROM alpine\n",
            "# syntax=docker/dockerfile:1\nFROM " + a + "\n"),
        form(
            "stage name",
            "FROM alpine AS busybox\nFROM busybox\n",
            "FROM " + a + " AS busybox\nFROM busybox\n"),
        form(
            "stage name in another case",
            "FROM alpine AS Build\nFROM bUILD\n",
            "FROM " + a + " AS Build\nFROM bUILD\n"),
        form("as in lower case", "FROM alpine as x\nFROM x\n", "FROM " + a + " as x\nFROM x\n"),
        form(
            "a stage shadows only after itself",
            "FROM busybox\nFROM alpine AS busybox\n",
            "FROM " + b + "\nFROM " + a + " AS busybox\n"),
        form(
            "a stage named like its own base",
            "FROM alpine AS alpine\n",
            "FROM " + a + " AS alpine\n"),
        form(
            "copy from a stage",
            "FROM alpine AS x\nFROM scratch\nCOPY --from=X /a /b\n",
            "FROM " + a + " AS x\nFROM scratch\nCOPY --from=X /a /b\n"),
        form(
            "copy from an index",
            "FROM alpine\nFROM scratch\nCOPY --from=0 /a /b\n",
            "FROM " + a + "\nFROM scratch\nCOPY --from=0 /a /b\n"),
        form(
            "copy from an image",
            "FROM scratch\nCOPY --from=alpine:3 /a /b\n",
            "FROM scratch\nCOPY --from=" + a + ":3 /a /b\n"),
        form(
            "copy with other flags",
            "FROM scratch\ncopy --chown=1:1 --from=alpine --link a b\n",
            "FROM scratch\ncopy --chown=1:1 --from=" + a + " --link a b\n"),
        form(
            "copy from a quoted image",
            "FROM scratch\nCOPY --from=\"alpine\" a b\n",
            "FROM scratch\nCOPY --from=\"" + a + "\" a b\n"),
        form(
            "copy does not expand",
            "ARG X=alpine\nFROM scratch\nCOPY --from=$X a b\n",
            "ARG X=alpine\nFROM scratch\nCOPY --from=$X a b\n"),
        form(
            "copy of a file named so",
            "FROM scratch\nCOPY a --from=alpine b\n",
            "FROM scratch\nCOPY a --from=alpine b\n"),
        form(
            "add has no from",
            "FROM scratch\nADD --from=alpine a b\n",
            "FROM scratch\nADD --from=alpine a b\n"),
        form(
            "mount from an image",
            "FROM scratch\nRUN --mount=type=bind,from=alpine,target=/x ls\n",
            "FROM scratch\nRUN --mount=type=bind,from=" + a + ",target=/x ls\n"),
        form(
            "several mounts",
            "FROM scratch\nRUN --mount=type=cache,target=/c --mount=from=busybox,target=/b x\n",
            "FROM scratch\nRUN --mount=type=cache,target=/c --mount=from=" + b + ",target=/b x\n"),
        form(
            "mount from a stage",
            "FROM alpine AS s\nRUN --mount=from=s,target=/x ls\n",
            "FROM " + a + " AS s\nRUN --mount=from=s,target=/x ls\n"),
        form(
            "trigger",
            "FROM alpine\nONBUILD COPY --from=busybox a b\n",
            "FROM " + a + "\nONBUILD COPY --from=busybox a b\n"),
        form(
            "text of RUN",
            "FROM alpine\nRUN echo FROM busybox\n",
            "FROM " + a + "\nRUN echo FROM busybox\n"),
        form(
            "heredoc",
            "FROM alpine\nRUN <<EOF\nFROM busybox\nEOF\nFROM busybox\n",
            "FROM " + a + "\nRUN <<EOF\nFROM busybox\nEOF\nFROM " + b + "\n"),
        form(
            "quoted heredoc",
            "FROM alpine\nRUN cat <<'E' > /x\nFROM busybox\nE\n",
            "FROM " + a + "\nRUN cat <<'E' > /x\nFROM busybox\nE\n"),
        form(
            "indented heredoc",
            "FROM alpine\nRUN <<-E\n\tFROM busybox\n\tE\nFROM busybox\n",
            "FROM " + a + "\nRUN <<-E\n\tFROM busybox\n\tE\nFROM " + b + "\n"),
        form(
            "two heredocs",
            "FROM alpine\nCOPY <<A <<B /x/\nFROM busybox\nA\nFROM busybox\nB\nFROM busybox\n",
            "FROM " + a + "\nCOPY <<A <<B /x/\nFROM busybox\nA\nFROM busybox\nB\nFROM " + b + "\n"),
        form(
            "heredoc of a trigger",
            "FROM alpine\nONBUILD RUN <<E\nFROM busybox\nE\n",
            "FROM " + a + "\nONBUILD RUN <<E\nFROM busybox\nE\n"),
        form(
            "no heredoc in CMD",
            "FROM alpine\nCMD cat <<E\nFROM busybox\n",
            "FROM " + a + "\nCMD cat <<E\nFROM " + b + "\n"),
        form(
            "here string",
            "FROM alpine\nRUN cat <<<x\nFROM busybox\n",
            "FROM " + a + "\nRUN cat <<<x\nFROM " + b + "\n"),
        form("default", "ARG V=alpine\nFROM $V\n", "ARG V=alpine\nFROM " + a + "\n"),
        form("default in braces", "ARG V=3\nFROM alpine:${V}-x\n", "ARG V=3\nFROM " + a + ":3-x\n"),
        form("quoted default", "ARG V=\"alpine\"\nFROM $V\n", "ARG V=\"alpine\"\nFROM " + a + "\n"),
        form(
            "default of defaults",
            "ARG A=al\nARG B=${A}pine\nFROM $B\n",
            "ARG A=al\nARG B=${A}pine\nFROM " + a + "\n"),
        form("two in one ARG", "ARG A=al B=pine\nFROM $A$B\n", "ARG A=al B=pine\nFROM " + a + "\n"),
        form(
            "build argument before default",
            "ARG OVERRIDDEN=alpine\nFROM $OVERRIDDEN\n",
            "ARG OVERRIDDEN=alpine\nFROM " + b + "\n"),
        form(
            "build argument without default",
            "ARG OVERRIDDEN\nFROM $OVERRIDDEN\n",
            "ARG OVERRIDDEN\nFROM " + b + "\n"),
        form("build argument that is not declared", "FROM $OVERRIDDEN\n", "FROM $OVERRIDDEN\n"),
        form(
            "argument of a stage does not count",
            "FROM alpine\nARG V=busybox\nFROM $V\n",
            "FROM " + a + "\nARG V=busybox\nFROM $V\n"),
        form(
            "platform argument that was given",
            "FROM alpine:$TARGETARCH\n",
            "FROM " + a + ":arm64\n"),
        form(
            "platform argument that was not",
            "FROM alpine:$BUILDARCH\n",
            "FROM alpine:$BUILDARCH\n"),
        form("or default", "FROM ${V:-alpine}\n", "FROM " + a + "\n"),
        form("or default without colon", "FROM ${V-alpine}\n", "FROM " + a + "\n"),
        form(
            "empty is set without colon",
            "ARG V=\nFROM alpine${V-:3}\n",
            "ARG V=\nFROM " + a + "\n"),
        form(
            "empty is unset with colon",
            "ARG V=\nFROM alpine${V:-:3}\n",
            "ARG V=\nFROM " + a + ":3\n"),
        form("alternative", "ARG V=1\nFROM alpine${V:+:3}\n", "ARG V=1\nFROM " + a + ":3\n"),
        form("alternative of nothing", "FROM alpine${V+:3}\n", "FROM " + a + "\n"),
        form("nested default", "FROM ${V:-${W:-alpine}}\n", "FROM " + a + "\n"),
        form("required", "ARG V=alpine\nFROM ${V:?no}\n", "ARG V=alpine\nFROM " + a + "\n"),
        form(
            "shortest prefix",
            "ARG V=x-x-alpine\nFROM ${V#*-}\n",
            "ARG V=x-x-alpine\nFROM " + HUB + "library/x-alpine\n"),
        form(
            "longest prefix",
            "ARG V=x-x-alpine\nFROM ${V##*-}\n",
            "ARG V=x-x-alpine\nFROM " + a + "\n"),
        form(
            "shortest suffix",
            "ARG V=alpine:3.20.1\nFROM ${V%.*}\n",
            "ARG V=alpine:3.20.1\nFROM " + a + ":3.20\n"),
        form(
            "longest suffix",
            "ARG V=alpine.3.20\nFROM ${V%%.*}\n",
            "ARG V=alpine.3.20\nFROM " + a + "\n"),
        form(
            "replace first",
            "ARG V=al_ine:_\nFROM ${V/_/p}\n",
            "ARG V=al_ine:_\nFROM " + a + ":_\n"),
        form(
            "replace all",
            "ARG V=a_pine:_\nFROM ${V//_/l}\n",
            "ARG V=a_pine:_\nFROM " + a + ":l\n"),
        form(
            "variable that names a stage",
            "ARG S=x\nFROM alpine AS x\nFROM $S\n",
            "ARG S=x\nFROM " + a + " AS x\nFROM $S\n"),
        form(
            "bytes that are no UTF-8",
            "FROM alpine\nLABEL x=\u00ff\u00fe\n",
            "FROM " + a + "\nLABEL x=\u00ff\u00fe\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void edits_operands_only(String rule, String before, String after) {
    Rewritten rewritten = rewrite(before);

    assertThat(rewritten.error()).isEmpty();
    assertThat(text(rewritten)).isEqualTo(after);
    assertThat(text(rewrite(text(rewritten)))).as("rewritten again").isEqualTo(text(rewritten));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("empty", "", 1),
        Arguments.of("no FROM", "ARG X=1\n", 1),
        Arguments.of("only comments", "# x\n", 1),
        Arguments.of("instruction before FROM", "ARG X\nRUN x\nFROM alpine\n", 2),
        Arguments.of("unknown instruction", "FROM alpine\n\nFETCH x\n", 3),
        Arguments.of("FROM without image", "FROM\n", 1),
        Arguments.of("FROM with two words", "FROM alpine x\n", 1),
        Arguments.of("FROM with a bad stage name", "FROM alpine AS 1x\n", 1),
        Arguments.of("bad escape directive", "# escape=x\nFROM alpine\n", 1),
        Arguments.of("directive twice", "# escape=`\n# escape=`\nFROM alpine\n", 2),
        Arguments.of("FROM as a trigger", "FROM alpine\nONBUILD FROM busybox\n", 2),
        Arguments.of("heredoc without end", "FROM alpine\nRUN <<EOF\nx\n", 2),
        Arguments.of("too large", "#" + "x".repeat(1 << 20) + "\nFROM alpine\n", 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void gives_back_what_is_no_dockerfile_with_the_line(String what, String file, int line) {
    Rewritten rewritten = rewrite(file);

    assertThat(text(rewritten)).isEqualTo(file);
    assertThat(rewritten.error().orElseThrow().line()).isEqualTo(line);
    assertThat(rewritten.error().orElseThrow().message()).isNotBlank();
  }

  @Test
  void reports_every_operand_with_line_and_reason() {
    Rewritten rewritten =
        rewrite(
            "ARG V\n\nFROM alpine AS x\nCOPY --from=quay.io/a/b c d\nFROM x\nFROM y:$V\n"
                + "ONBUILD RUN --mount=from=z,target=/z ls\n");

    assertThat(rewritten.baseImages())
        .extracting(
            BaseImage::line,
            BaseImage::instruction,
            BaseImage::before,
            BaseImage::why,
            BaseImage::detail)
        .containsExactly(
            tuple(3, "FROM", "alpine", Why.REWRITTEN, ""),
            tuple(4, "COPY --from", "quay.io/a/b", Why.UNMAPPED, "quay.io"),
            tuple(5, "FROM", "x", Why.STAGE, ""),
            tuple(6, "FROM", "y:$V", Why.UNRESOLVED, "V"),
            tuple(7, "RUN --mount", "z", Why.ONBUILD, ""));
  }

  @Test
  void bounds_values_that_grow_exponentially() {
    StringBuilder file = new StringBuilder("ARG A0=xxxxxxxxxx\n");
    for (int i = 1; i < 200; i++) {
      file.append("ARG A%d=$A%d$A%d\n".formatted(i, i - 1, i - 1));
    }

    Rewritten rewritten = rewrite(file + "FROM alpine:$A199\n");

    assertThat(rewritten.baseImages().get(0).why()).isEqualTo(Why.UNRESOLVED);
  }

  @Test
  void bounds_nesting() {
    Rewritten rewritten =
        rewrite("FROM " + "${A:-".repeat(10_000) + "x" + "}".repeat(10_000) + "\n");

    assertThat(rewritten.baseImages().get(0).why()).isEqualTo(Why.UNRESOLVED);
  }

  @Test
  void reads_hundred_thousands_of_continuation_lines() {
    Rewritten rewritten = rewrite("FROM \\\n" + "\\\n".repeat(400_000) + "alpine\n");

    assertThat(rewritten.baseImages().get(0).why()).isEqualTo(Why.REWRITTEN);
  }

  @Test
  void changes_nothing_without_proxies() {
    Rewritten rewritten =
        new DockerfileRewriter(new ProxyMap(Map.of()))
            .rewrite("FROM alpine\n".getBytes(ISO_8859_1), Map.of());

    assertThat(text(rewritten)).isEqualTo("FROM alpine\n");
    assertThat(rewritten.changed()).isFalse();
    assertThat(rewritten.baseImages().get(0).why()).isEqualTo(Why.UNMAPPED);
  }

  private Rewritten rewrite(String file) {
    return rewriter.rewrite(file.getBytes(ISO_8859_1), ARGS);
  }

  private static String text(Rewritten rewritten) {
    return new String(rewritten.dockerfile(), ISO_8859_1);
  }

  private static Arguments name(String before, String after) {
    return Arguments.of(before, after, Why.REWRITTEN);
  }

  private static Arguments left(String name, Why why) {
    return Arguments.of(name, name, why);
  }

  private static Arguments form(String rule, String before, String after) {
    return Arguments.of(rule, before, after);
  }
}
