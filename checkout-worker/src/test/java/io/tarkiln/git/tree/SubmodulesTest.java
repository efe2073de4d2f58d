package io.tarkiln.git.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.RejectedException;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class SubmodulesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[submodule \"l\"]\n\tpath = lib\n\turl = ../lib\n",
        "\ufeff[submodule \"l\"]\n\tpath = lib\n\turl = ../lib\n",
        "[submodule \"l\"] path = lib\nurl = ../lib",
        "[submodule.l]\r\npath=lib\r\nurl=../lib\r\n",
        "[SUBMODULE \"l\"]\nPath = \"lib\" ; here\nURL = ../\\\nlib # there\n",
        "[submodule \"l\"]\npath = lib\n[core]\nx = 1\n[submodule \"l\"]\nurl = ../lib\n",
        "[submodule \"l\"]\npath = old\nurl = ../old\npath = lib\nurl = ../lib\n",
        "[submodule \"l\"]\npath = lib\nurl = ../lib\nupdate = merge\nbranch = .\nshallow = true\n",
      })
  void are_those_that_git_reads(String text) throws Exception {
    assertThat(modules(text)).containsExactly(Map.entry("lib", "../lib"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[submodule \"l\"]\npath = lib\nurl = ../lib\nupdate = none\n",
        "[submodule \"..\"]\npath = lib\nurl = ../lib\n",
        "[submodule \"a/../b\"]\npath = lib\nurl = ../lib\n",
        "[submodule \"\"]\npath = lib\nurl = ../lib\n",
        "[submodule]\npath = lib\nurl = ../lib\n",
        "[submodule \"l\"]\npath = lib\n",
        "[submodule \"l\"]\nurl = ../lib\n",
      })
  void are_none_that_git_passes_over(String text) throws Exception {
    assertThat(modules(text)).isEmpty();
  }

  @Test
  void may_have_been_anywhere() throws Exception {
    assertThat(
            modules(
                "[submodule \"l\"]\n"
                    + "path = ../old\n"
                    + "url = u\n"
                    + "[submodule \"m\"]\n"
                    + "path = /x\n"
                    + "url = v\n"))
        .containsOnlyKeys("../old", "/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[submodule \"l\"\npath = lib\n",
        "[submodule \"l\"]\npath = lib\nurl = ../lib\nupdate = !touch x\n",
        "[submodule \"l\"]\npath = lib\nurl = ../lib\nupdate = sometimes\n",
      })
  void are_refused_where_git_refuses_the_file(String text) {
    assertThatThrownBy(() -> modules(text))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining(".gitmodules in ");
  }

  private Map<String, String> modules(String text) throws Exception {
    GitRepository repository = GitRepository.in(folder.resolve("shop"));
    repository.file("Dockerfile", "FROM scratch\n").file(".gitmodules", text).commit();
    return HeadTree.use(repository, Submodules::of);
  }
}
