package io.tarkiln.git.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against the real git. */
@Tag("server")
class GitConfigReaderTest {
  @TempDir static Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[submodule \"l\"]\n\tpath = l\n\turl = ../l\n",
        "[submodule \"l\"] path = l\n url=../l",
        "[submodule \"l\"]path=l\r\nurl = ../l \r\n",
        "[submodule.L]\npath = l\n",
        "[submodule.a \"B\"]\npath = l\n",
        "[SubModule \"Lib.One\"]\nPATH = l\n  Path = m",
        "[submodule   \"l\"]\npath = \"a b\" # c\nurl = a;b\n",
        "[submodule \"a\\\"b\\\\c\\d\"]\npath = l\n",
        "[submodule \"l\"]\npath = a\\\nb\nurl = \"x # y\"z ; w\n",
        "[submodule \"l\"]\npath = a  b c  \nurl = \\t\\n\\\"\\\\\n",
        "# c\n; d\n[submodule \"l\"] # e\npath = l # f\n\n [submodule \"m\"] ; g\n path=m",
        "[submodule \"l\"]\npath\nurl =\nshallow=true\n",
        "[submodule]\npath = l\n",
        "\ufeff[submodule \"l\"]\npath = l\n",
        "[submodule \"ü\"]\npath = ü/ä\n",
        "[submodule \"l\"] path = l [submodule \"m\"] path = m\n",
        "[submodule \"l\"]\n  ignore = dirty\n  fetchRecurseSubmodules = on-demand\n path=l",
      })
  void reads_what_git_reads(String text) throws Exception {
    GitRepository git = GitRepository.in(folder.resolve("git"));
    Files.writeString(folder.resolve("file"), text);
    String listed = git.git("config", "--file", folder.resolve("file").toString(), "--list", "-z");

    assertThat(
            GitConfigReader.read(text).stream()
                .map(each -> each.name() + each.value().map(value -> "\n" + value).orElse("")))
        .containsExactlyElementsOf(Arrays.asList(listed.split("\0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[submodule",
        "[submodule \"l\"",
        "[submodule \"l]\n",
        "[submodule l]\npath=l",
        "[submodule \"l\" ]\npath=l",
        "[sub_module]\n",
        "[submodule \"l\"]\npath l\n",
        "[submodule \"l\"]\npath = \"l\n",
        "[submodule \"l\"]\npath = \\x\n",
        "[submodule \"l\"]\n1path = l\n",
        "[submodule \"l\"]\npa_th = l\n",
        "=\n",
      })
  void refuses_what_git_refuses(String text) throws Exception {
    GitRepository git = GitRepository.in(folder.resolve("git"));
    Files.writeString(folder.resolve("file"), text);

    assertThatThrownBy(
        () -> git.git("config", "--file", folder.resolve("file").toString(), "--list"));
    assertThatThrownBy(() -> GitConfigReader.read(text))
        .isInstanceOf(GitConfigReader.BrokenException.class)
        .hasMessageContaining("line ");
  }
}
