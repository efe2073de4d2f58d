package io.tarkiln.cli;

import static io.tarkiln.samples.SampleEvents.COMMIT;
import static io.tarkiln.samples.SampleEvents.checkedOut;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.Reason;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.event.BuildFinished;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.Topics;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs read of the command line, in real pipes. */
@Tag("server")
class OutputTest {
  private static final String TARKILN =
      "tarkiln() { '%s/bin/java' -cp '%s' io.tarkiln.cli.Tarkiln \"$@\"; }\n"
          .formatted(System.getProperty("java.home"), System.getProperty("java.class.path"));

  @BeforeAll
  static void start() throws Exception {
    TestKafka.createTopics(new Topics("tarkiln.").all().toArray(String[]::new));
    Cli.configure(Map.of(Settings.KAFKA, TestKafka.bootstrapServers()));
  }

  @Test
  void watch_prints_a_json_document_a_line_and_ends_with_its_reader() throws Exception {
    Process shell = shell("tarkiln watch -o json | head -n 2; echo ${PIPESTATUS[0]}");

    List<String> lines = publishingUntilItEnds(shell);

    assertThat(lines).hasSize(3).endsWith("141");
    JsonNode event = new ObjectMapper().readTree(lines.get(0));
    assertThat(event.at("/type").asText()).isEqualTo("io.tarkiln.build.requested.v1");
    assertThat(event.at("/data/workload").asText()).isEqualTo("piped");
    assertThat(event.at("/id").asText()).startsWith(event.at("/build").asText());
    assertThat(new ObjectMapper().readTree(lines.get(1)).at("/build").asText()).isNotEmpty();
  }

  @Test
  void watch_as_text_ends_with_its_reader() throws Exception {
    Process shell = shell("tarkiln watch | head -n 1; echo ${PIPESTATUS[0]}");

    List<String> lines = publishingUntilItEnds(shell);

    assertThat(lines).hasSize(2).endsWith("141");
    assertThat(lines.get(0)).contains("build-requested", "piped:1");
  }

  @Test
  void watch_prints_a_build_in_one_line_of_json_at_its_end() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("ended", "api");
    publish(request);
    publish(
        request.next(
            "build-submitter",
            BuildFinished.failed(
                "ended",
                "1",
                "build-submitter",
                Optional.of("api"),
                Reason.BUILD_FAILED,
                "RUN make failed",
                List.of())));

    Cli.Ran ran = Cli.run("watch", "-o", "json", request.build().toString());

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out().lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(ran.out()).at("/outcome/outcome").asText())
        .isEqualTo("failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "list -o json", "--help", "lifecycle", "completion bash"})
  void a_full_disk_is_one_sentence_and_exit_code_1(String command) throws Exception {
    Process shell = shell("tarkiln %s 2>&1 >/dev/full; echo $?".formatted(command));

    List<String> lines = lines(shell);

    assertThat(lines).hasSize(2).endsWith("1");
    assertThat(lines.get(0)).startsWith("tarkiln").contains("cannot write the output: No space");
  }

  @Test
  void show_names_the_commit_that_was_built() throws Exception {
    Event<BuildRequested> request = SampleEvents.request("of-a-commit", "api");
    publish(request);
    String build = request.build().toString();
    assertThat(Cli.run("show", build).out()).doesNotContain("commit ");

    publish(checkedOut(request));

    assertThat(Cli.run("show", build).out()).contains("commit    " + COMMIT);
    assertThat(
            new ObjectMapper().readTree(Cli.run("show", "-o", "json", build).out()).at("/commit"))
        .hasToString("\"" + COMMIT + "\"");
  }

  /** The lines of a program that shows builds; there are new ones for as long as it runs. */
  private static List<String> publishingUntilItEnds(Process shell) throws Exception {
    while (shell.isAlive()) {
      publish(SampleEvents.request("piped", "api"));
    }
    return lines(shell);
  }

  private static void publish(Event<?> event) throws Exception {
    new KafkaAccess(UserSettings.ofUser()).publish(event);
  }

  private static Process shell(String line) throws Exception {
    return new ProcessBuilder("bash", "-c", TARKILN + line)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> lines(Process shell) throws Exception {
    return new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
  }
}
