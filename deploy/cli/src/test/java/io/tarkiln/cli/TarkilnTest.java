package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.cli.session.CliException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What all commands have in common. */
class TarkilnTest {
  @BeforeAll
  static void nothing_listens() throws Exception {
    Cli.configure(
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:1",
            "AWS_ENDPOINT_URL_S3", "http://localhost:1",
            "TARKILN_REGISTRY", "localhost:1"));
  }

  @Test
  void are_those_of_the_design_and_lifecycle() {
    assertThat(Tarkiln.commandLine().getSubcommands().keySet())
        .containsExactlyInAnyOrder(
            "try",
            "up",
            "build",
            "publish",
            "watch",
            "logs",
            "list",
            "show",
            "rewrite",
            "push",
            "replay",
            "cancel",
            "deadletters",
            "lifecycle",
            "doctor",
            "completion",
            "help");
  }

  @Test
  void distinguish_a_kafka_that_goes_away_from_a_build_that_failed() throws Exception {
    CommandLine commands = Tarkiln.commandLine("list");
    commands.setErr(new PrintWriter(new StringWriter()));

    int exit =
        commands
            .getExecutionExceptionHandler()
            .handleExecutionException(new TimeoutException("no answer"), commands, null);

    assertThat(exit).isEqualTo(CliException.UNREACHABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bilud",
        "build --no-such-option",
        "show",
        "show no-build-id",
        "replay",
        "replay --since 1h --failed 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
        "cancel",
        "deadletters",
        "deadletters show first",
        "list --since yesterday",
        "publish --workload shop",
        "rewrite no-such-file",
        "push no-such.tar localhost:5000/x/y:1"
      })
  void end_wrong_usage_with_2_and_one_sentence(String line) {
    Cli.Ran ran = Cli.run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(ran.exit()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err().strip()).startsWith("tarkiln").doesNotContain("\n", "Exception");
    assertThat(ran.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bilud | there is no command 'bilud'; the nearest is 'build'",
        "wacth | there is no command 'wacth'; the nearest is 'watch'",
        "lsit --since 1d | there is no command 'lsit'; the nearest is 'list'",
        "deadletter | there is no command 'deadletter'; the nearest is 'deadletters'",
        "xyz | there is no command 'xyz' (see",
        "deadletters shwo | there is no command 'shwo'; the nearest is 'show'",
        "build --tga 1 | there is no option '--tga'; the nearest is '--tag'",
        "build --repositry=x | there is no option '--repositry'; the nearest is '--repository'",
        "list --xyz | there is no option '--xyz' (see",
        "list here | one argument too many",
        "build --tag | --tag",
      })
  void name_the_nearest_of_what_there_is(String line, String sentence) {
    Cli.Ran ran = Cli.run(line.split(" "));

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err().strip()).contains(sentence).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "show 0190a1b2-c3d4-7e5f-8a1b-2c3d4e5f6071",
        "publish --workload shop --tag 1 --repository https://x/y --service api=."
      })
  void end_with_3_when_kafka_cannot_be_reached(String line) {
    Cli.Ran ran = Cli.run(line.split(" "));

    assertThat(ran.exit()).as(ran.err()).isEqualTo(3);
    assertThat(ran.err().strip())
        .contains("localhost:1", "tarkiln up", "KAFKA_BOOTSTRAP_SERVERS")
        .doesNotContain("\n", "Exception");
  }

  @Test
  void doctor_says_what_does_not_answer_and_what_to_do() {
    Cli.Ran ran = Cli.run("doctor");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("ok     java")
        .containsPattern("fault +kafka +.*localhost:1")
        .containsPattern("fault +s3 +.*http://localhost:1")
        .containsPattern("fault +registry +localhost:1")
        .contains("-> ");
  }
}
