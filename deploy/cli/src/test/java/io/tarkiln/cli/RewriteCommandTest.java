package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewriteCommandTest {
  private static final String PROXY = "--proxy=docker.io=harbor.example/dockerhub-proxy";

  @TempDir private Path folder;

  @Test
  void writes_the_dockerfile_to_stdout_and_its_reasons_to_stderr() throws Exception {
    Path file = Files.writeString(folder.resolve("Dockerfile"), "FROM alpine:3.20\r\nRUN x\r\n");

    Cli.Ran ran = Cli.run("rewrite", PROXY, file.toString());

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .isEqualTo("FROM harbor.example/dockerhub-proxy/library/alpine:3.20\r\nRUN x\r\n");
    assertThat(ran.err()).contains("line 1 FROM alpine:3.20 -> harbor.example/");
  }

  @Test
  void takes_build_arguments() throws Exception {
    Path file = Files.writeString(folder.resolve("Dockerfile"), "ARG BASE\nFROM ${BASE}\n");

    Cli.Ran ran = Cli.run("rewrite", PROXY, "--build-arg", "BASE=busybox:1", file.toString());

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("harbor.example/dockerhub-proxy/library/busybox:1");
  }

  @Test
  void writes_many_with_reports_and_ends_with_1_when_one_is_no_dockerfile() throws Exception {
    Path good = Files.writeString(folder.resolve("good"), "FROM alpine\nCOPY --from=x/y a b\n");
    Path bad = Files.writeString(folder.resolve("bad"), "FROM\n");
    Path out = folder.resolve("out");

    Cli.Ran ran =
        Cli.run(
            "rewrite",
            PROXY,
            "--output-directory",
            out.toString(),
            good.toString(),
            bad.toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains(bad + " line 1:");
    Path below = out.resolve(folder.getRoot().relativize(folder));
    assertThat(below.resolve("good")).content().contains("harbor.example");
    assertThat(below.resolve("bad")).hasContent("FROM\n");
    JsonNode report =
        new ObjectMapper().readTree(Files.readAllBytes(below.resolve("good.report.json")));
    assertThat(report.at("/baseImages/0/line").asInt()).isEqualTo(1);
    assertThat(report.at("/baseImages/1/before").asText()).isEqualTo("x/y");
    JsonNode ofBad =
        new ObjectMapper().readTree(Files.readAllBytes(below.resolve("bad.report.json")));
    assertThat(ofBad.at("/error/line").asInt()).isEqualTo(1);
  }

  @Test
  void keeps_relative_paths_below_the_output_directory() throws Exception {
    Path sources = Files.createTempDirectory(Path.of("target"), "rewrite");
    Path one = Files.createDirectories(sources.resolve("api")).resolve("Dockerfile");
    Path other = Files.createDirectories(sources.resolve("web")).resolve("web.Dockerfile");
    Files.writeString(one, "FROM alpine\n");
    Files.writeString(other, "FROM busybox\n");
    Path out = folder.resolve("out");

    Cli.Ran ran =
        Cli.run(
            "rewrite", PROXY, "--output-directory", out.toString(), "./" + one, other.toString());

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).isEmpty();
    assertThat(out.resolve(one)).hasContent("FROM harbor.example/dockerhub-proxy/library/alpine\n");
    assertThat(out.resolve(other + ".report.json")).content().contains("library/busybox");
    assertThat(one).hasContent("FROM alpine\n");
  }

  @Test
  void copies_every_byte_of_what_it_cannot_read() throws Exception {
    byte[] bytes = {'F', 'R', 'O', 'M', '\r', '\n', 0, (byte) 0xff};
    Path file = Files.write(folder.resolve("Dockerfile"), bytes);
    Path out = folder.resolve("out");

    Cli.Ran ran = Cli.run("rewrite", PROXY, "--output-directory", out.toString(), file.toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(out.resolve(file.getRoot().relativize(file))).hasBinaryContent(bytes);
  }

  @Test
  void keeps_control_characters_from_the_terminal() throws Exception {
    Path file = Files.writeString(folder.resolve("Dockerfile"), "FROM x\u001b[2Jy\n");

    assertThat(Cli.run("rewrite", PROXY, file.toString()).err()).doesNotContain("\u001b");
  }

  @Test
  void refuses_what_it_cannot_do() throws Exception {
    Path file = Files.writeString(folder.resolve("Dockerfile"), "FROM alpine\n");

    assertThat(Cli.run("rewrite", PROXY, file.toString(), file.toString()).exit()).isEqualTo(2);
    assertThat(Cli.run("rewrite", "--proxy", "nonsense", file.toString()).exit()).isEqualTo(2);
    assertThat(Cli.run("rewrite", PROXY, "--output-directory", "o", "../x").exit()).isEqualTo(2);
  }
}
