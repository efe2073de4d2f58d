package io.tarkiln.e2e.agreement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.dockerfile.RewriteResult;
import io.tarkiln.samples.dockerfile.DockerfileGenerator;
import io.tarkiln.samples.dockerfile.Specification;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rewriter against BuildKit's own parser, on Dockerfiles that are made for it. */
@Tag("e2e")
class BuildKitAgreementTest {
  private static final String SOURCES =
      "dockerfile-rewriter/dockerfile/src/main/java/io/tarkiln/dockerfile";

  private static final Map<String, String> PROXIES =
      Map.of(
          "docker.io", "harbor.example/dockerhub",
          "ghcr.io", "harbor.example/ghcr",
          "quay.io", "harbor.example/quay",
          "gcr.io/distroless", "harbor.example/distroless",
          "localhost:5000", "harbor.example/local",
          "harbor.example/other", "harbor.example/elsewhere");
  private static final Map<String, String> ARGUMENTS =
      Map.of("TAG", "3.19", "TARGETARCH", "arm64", "_x", "");
  private static final int FILES = 5000;

  @TempDir static Path folder;
  private static ParserOracle oracle;

  /** What is there to rewrite a file with, the real one or a broken one. */
  private interface Rewriting {
    Optional<byte[]> rewrite(byte[] file, Map<String, String> buildArgs) throws Exception;
  }

  @BeforeAll
  static void build() throws Exception {
    oracle = ParserOracle.in(folder);
  }

  @Test
  void on_the_same_files_every_time() throws Exception {
    agreesOn(1);
  }

  @Test
  void on_other_files_every_time() throws Exception {
    agreesOn(new SecureRandom().nextLong());
  }

  /** The specification is what BuildKit does, not what we think it does. */
  @Test
  void on_the_specification() throws Exception {
    List<ParserOracle.Case> cases = new ArrayList<>();
    for (Specification.Case one : Specification.cases()) {
      cases.add(
          new ParserOracle.Case(
              one.title(),
              one.before(),
              one.after(),
              one.error().isPresent(),
              one.buildArgs(),
              one.proxies()));
    }

    ParserOracle.Answer answer = oracle.ask(cases);

    assertThat(answer.disagreements()).isEmpty();
    System.out.println("specification: " + answer.counts());
  }

  private static void agreesOn(long seed) throws Exception {
    DockerfileRewriter rewriter = new DockerfileRewriter(new ProxyMap(PROXIES));

    ParserOracle.Answer answer =
        oracle.ask(
            cases(
                seed,
                FILES,
                (file, buildArgs) -> {
                  RewriteResult rewritten = rewriter.rewrite(file, buildArgs);
                  return rewritten.error().isPresent()
                      ? Optional.empty()
                      : Optional.of(rewritten.dockerfile());
                }));

    assertThat(answer.disagreements()).isEmpty();
    assertThat(answer.counts()).startsWith("files=" + FILES);
    System.out.println("seed " + seed + ": " + answer.counts());
  }

  static Stream<Arguments> defects() {
    return Stream.of(
        BrokenCopy.defect(
            "no library/", "ImageName", "official ? \"library/\" + path : path", "path"),
        BrokenCopy.defect("tags are lost", "ImageName", "name.group(2)", "\"\""),
        BrokenCopy.defect("any digest", "ImageName", "sha256:[0-9a-f]{64}", "sha256:[0-9a-f]+"),
        BrokenCopy.defect(
            "scratch is an image", "ImageRewriter", "name.equals(SCRATCH)", "name.isBlank()"),
        BrokenCopy.defect(
            "stages are images",
            "ImageRewriter",
            "if (earlierStages.contains",
            "if (name.isBlank() && earlierStages.contains"),
        BrokenCopy.defect(
            "COPY knows no stages",
            "ImageRewriter",
            "ifPresent(allStages::add)",
            "ifPresent(String::isBlank)"),
        BrokenCopy.defect(
            "Kaniko is not asked",
            "ImageRewriter",
            "!nameByKaniko.equals(Optional.of(name))",
            "name.isEmpty()"),
        BrokenCopy.defect(
            "proxied twice", "ProxyMap", "prefix.startsWith(host + \"/\")", "prefix.isEmpty()"),
        BrokenCopy.defect(
            "build arguments are ignored",
            "GlobalArguments",
            "given.containsKey(name)",
            "name.isBlank()"),
        BrokenCopy.defect(
            "a heredoc's text is read",
            "Heredocs",
            "Set.of(\"RUN\", \"COPY\", \"ADD\")",
            "Set.of(\"ADD\")"),
        BrokenCopy.defect(
            "tabs before a heredoc's end", "Heredocs", "while (chomp &&", "while (to < 0 &&"),
        BrokenCopy.defect(
            "no white space after <<", "ShellWords", "peek() == ' ' ||", "peek() == 0 ||"),
        BrokenCopy.defect(
            "a shell's test is JSON",
            "JsonForm",
            "return form.isArray() && form.onlyStrings",
            "return text.startsWith(\"[\")"),
        BrokenCopy.defect("no escape directive", "Directives", "escape = value.charAt(0);", ""),
        BrokenCopy.defect(
            "unknown directives are passed over",
            "Directives",
            "if (!KNOWN.contains(key)) {",
            "if (!KNOWN.contains(key) && !key.isEmpty()) { return; } else if (key.isEmpty()) {"),
        BrokenCopy.defect(
            "comments end continuations",
            "InstructionParser",
            "if (ink < to && file.charAt(ink) != '#') {",
            "if (ink < to) {"),
        BrokenCopy.defect(
            "the first from wins",
            "MountFields",
            "found = value",
            "found = found.isPresent() ? found : value"),
        BrokenCopy.defect(
            "half of the quotes", "Token", "opened[from] == opened[to - 1]", "from >= 0"),
        BrokenCopy.defect(
            "empty is unset", "Expansion", "!(emptyCounts && one.isEmpty())", "!one.isEmpty()"),
        BrokenCopy.defect(
            "shortest is longest",
            "ShellPattern",
            "end(value, 0, longest)",
            "end(value, 0, true)"));
  }

  /** Breaks the rewriter and sees that the oracle notices. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("defects")
  void is_lost_when_the_rewriter_breaks(String what, String file, String from, String to)
      throws Exception {
    try (URLClassLoader broken = BrokenCopy.load(SOURCES, folder, List.of(), file, from, to)) {
      Object rewriter =
          broken
              .loadClass(DockerfileRewriter.class.getName())
              .getConstructor(broken.loadClass(ProxyMap.class.getName()))
              .newInstance(
                  broken
                      .loadClass(ProxyMap.class.getName())
                      .getConstructor(Map.class)
                      .newInstance(PROXIES));

      ParserOracle.Answer answer =
          oracle.ask(
              cases(
                  1,
                  FILES / 2,
                  (bytes, buildArgs) -> {
                    Object rewritten =
                        rewriter
                            .getClass()
                            .getMethod("rewrite", byte[].class, Map.class)
                            .invoke(rewriter, bytes, buildArgs);
                    Optional<?> error =
                        (Optional<?>) rewritten.getClass().getMethod("error").invoke(rewritten);
                    return error.isPresent()
                        ? Optional.empty()
                        : Optional.of(
                            (byte[])
                                rewritten.getClass().getMethod("dockerfile").invoke(rewritten));
                  }));

      assertThat(answer.disagreements()).as(what).isNotEmpty();
    }
  }

  private static List<ParserOracle.Case> cases(long seed, int files, Rewriting rewriting)
      throws Exception {
    DockerfileGenerator generator = new DockerfileGenerator(seed);
    List<ParserOracle.Case> cases = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      byte[] file = generator.next().getBytes(ISO_8859_1);
      Map<String, String> buildArgs = i % 3 == 0 ? ARGUMENTS : Map.of();
      Optional<byte[]> rewritten = rewriting.rewrite(file, buildArgs);
      cases.add(
          new ParserOracle.Case(
              "seed " + seed + " file " + i,
              file,
              rewritten.orElse(file),
              rewritten.isEmpty(),
              buildArgs,
              PROXIES));
    }
    return cases;
  }
}
