package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script in a real bash. */
@Tag("server")
class CompletionCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "tarkiln bui,build",
    "tarkiln deadletters re,retry",
    "tarkiln build --ta,--tag --target",
    "tarkiln watch -o js,json",
    "tarkiln help deadl,deadletters",
    "deploy/tarkiln li,lifecycle list",
    "/opt/tarkiln/deploy/tarkiln up --kaf,--kafka-port",
  })
  void completes_commands_and_options(String line, String completions) throws Exception {
    assertThat(completions(line).lines()).containsExactlyInAnyOrder(completions.split(" "));
  }

  @Test
  void is_the_same_for_zsh_which_loads_bash_completion() {
    String zsh = Cli.run("completion", "zsh").out();

    assertThat(zsh).isEqualTo(Cli.run("completion", "bash").out()).contains("bashcompinit");
  }

  @Test
  void knows_no_other_shell() {
    Cli.Ran ran = Cli.run("completion", "fish");

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("bash", "zsh").doesNotContain("Exception");
  }

  /** Does what bash does when the tabulator key is hit behind a line. */
  private String completions(String line) throws Exception {
    Path script = Files.writeString(folder.resolve("script"), Cli.run("completion", "bash").out());
    String hit =
        """
        set -e
        compopt() { :; } # bash has it only while it completes
        source "$1"
        read -ra COMP_WORDS <<<"$2"
        COMP_LINE=$2 COMP_POINT=${#2} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        program=${COMP_WORDS[0]}
        spec=$(complete -p "$program" 2>/dev/null || complete -p "${program##*/}")
        [[ $spec =~ -F\\ ([^ ]+) ]]
        set +e
        "${BASH_REMATCH[1]}" "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    return Program.of("bash", "-c", hit, "bash", script.toString(), line).output();
  }
}
