package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the help of every command is held to. */
class HelpTest {
  private static final int COLUMNS = 80;

  /** All commands with those below them, as they are typed after {@code tarkiln}. */
  static List<String> commands() {
    List<String> commands = new ArrayList<>(List.of(""));
    collect("", Tarkiln.commandLine(), commands);
    return commands;
  }

  private static void collect(String path, CommandLine command, List<String> commands) {
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              String whole = (path + " " + name).strip();
              commands.add(whole);
              collect(whole, below, commands);
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void fits_80_columns_and_has_examples_that_are_whole(String command) {
    CommandLine.Model.UsageMessageSpec usage = at(command).getCommandSpec().usageMessage();

    Cli.Ran ran = Cli.run((command + " --help").strip().split(" "));

    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains(("Usage: tarkiln " + command).strip(), "Examples:");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= COLUMNS);
    assertThat(ran.out().lines()).containsSubsequence(usage.footer());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void describes_itself_and_what_it_takes(String command) {
    CommandLine.Model.CommandSpec spec = at(command).getCommandSpec();

    assertThat(spec.usageMessage().description()[0]).matches("[A-Z][^.]*\\.");
    assertThat(spec.args()).allMatch(arg -> arg.description().length > 0);
  }

  @Test
  void names_every_command_with_a_whole_sentence() {
    String help = Cli.run("--help").out().replaceAll("\\s+", " ");

    Tarkiln.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(help)
                    .contains(
                        name
                            + " "
                            + command
                                .getCommandSpec()
                                .usageMessage()
                                .description()[0]
                                .replaceAll("\\s+", " ")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void has_examples_that_parse(String command) {
    List<String> examples = examples(at(command).getCommandSpec().usageMessage().footer());

    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      CommandLine.ParseResult parsed = Tarkiln.commandLine().parseArgs(words(example));
      assertThat(parsed.unmatched()).as(example).isEmpty();
      assertThat(parsed.errors()).as(example).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void is_shown_by_the_command_help_too(String command) {
    assertThat(Cli.run(("help " + command).strip().split(" ")))
        .isEqualTo(Cli.run((command + " --help").strip().split(" ")));
  }

  @ParameterizedTest
  @CsvSource({"help biuld,build", "help deadletters shwo,show", "help build tag,''"})
  void of_what_does_not_exist_names_the_nearest(String line, String nearest) {
    Cli.Ran ran = Cli.run(line.split(" "));

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err().strip()).contains("no command").doesNotContain("\n");
    assertThat(ran.err().contains("the nearest is '" + nearest + "'"))
        .isEqualTo(!nearest.isEmpty());
  }

  private static CommandLine at(String command) {
    CommandLine at = Tarkiln.commandLine();
    for (String name : command.isEmpty() ? new String[0] : command.split(" ")) {
      at = at.getSubcommands().get(name);
    }
    return at;
  }

  /** Those that call tarkiln, each in one line. */
  private static List<String> examples(String... footer) {
    String text = String.join("\n", footer).replace("\\\n", "");
    return text.substring(text.indexOf("Examples:"))
        .lines()
        .skip(1)
        .takeWhile(line -> !line.isBlank())
        .map(String::strip)
        .filter(line -> line.contains("tarkiln ") && !line.startsWith("aws "))
        .toList();
  }

  /** What a shell makes of it, behind the program's name. */
  private static String[] words(String example) {
    String bare =
        example
            .replaceFirst("^([A-Z_]+=\\S+ )*tarkiln ", "")
            .replaceFirst(" > \\S+$", "")
            .replaceFirst("\\$\\(.*\\)", "0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071");
    return Stream.of(bare.split(" +(?=(?:[^']*'[^']*')*[^']*$)"))
        .map(word -> word.replace("'", ""))
        .toArray(String[]::new);
  }

  @Test
  void reads_examples_as_shells_do() {
    assertThat(words("A=b tarkiln cancel $(x y) --message 'a b' > file"))
        .isEqualTo(
            Arrays.asList("cancel", "0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071", "--message", "a b")
                .toArray());
  }
}
