package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Builds that people stop, and builds that they ask for again. */
@Tag("e2e")
class AgainTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir static Path folder;
  @RegisterExtension static final Stack stack = Stack.ofClass();

  @Test
  void a_build_that_is_cancelled_stops_and_tags_nothing() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("endless"))
            .file("Dockerfile", "FROM alpine:3.20\nRUN echo begun && sleep 3600\n")
            .committed();
    String build = stack.publish("endless", repository.url()).out().strip();
    try (Watcher watcher = new Watcher(stack.kafka(), List.of("tarkiln.build-log"))) {
      watcher.await(
          record -> build.equals(record.key()) && record.value().contains("begun"), LIMIT);
    }

    Program.Ended cancelled = stack.tarkiln("cancel", build, "--message", "wrong branch");

    assertThat(cancelled.exit()).as(cancelled.err()).isZero();
    Program.Ended watched = stack.tarkiln("watch", build);
    assertThat(watched.exit()).isEqualTo(1);
    assertThat(watched.err()).contains("endless:1 cancelled: wrong branch");
    assertThat(new ImagePuller(stack.registry()).manifest("endless/app", "1")).isEmpty();
    // Its Kaniko makes room for others.
    GitRepository other =
        GitRepository.in(folder.resolve("other"))
            .file("Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /copied\n")
            .committed();
    assertThat(stack.build("other", other.url()).exit()).isZero();
  }

  @Test
  void a_replay_builds_the_commit_of_the_first_build() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("moving"))
            .file("Dockerfile", "FROM alpine:3.20\nCOPY text.txt /text.txt\n")
            .file("text.txt", "before\n")
            .committed();
    String build = stack.publish("moving", repository.url(), "--revision", "main").out().strip();
    assertThat(stack.tarkiln("watch", build).exit()).isZero();
    repository.file("text.txt", "after\n").commit();

    String again = stack.tarkiln("replay", build).out().strip();
    String latest = stack.tarkiln("replay", "--latest-revision", build).out().strip();

    assertThat(stack.tarkiln("watch", again).exit()).isZero();
    assertThat(stack.tarkiln("watch", latest).exit()).isZero();
    ImagePuller registry = new ImagePuller(stack.registry());
    assertThat(registry.file("moving/app", digest(again), "text.txt")).contains("before\n");
    assertThat(registry.file("moving/app", digest(latest), "text.txt")).contains("after\n");
  }

  @Test
  void a_service_that_has_not_changed_is_tagged_again_and_not_built() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("steady"))
            .file("app/Dockerfile", "FROM alpine:3.20\nARG A=0\nRUN echo $A > /a.txt\n")
            .file("app/text.txt", "same\n")
            .committed();
    Program.Ended first = auto(repository, "1");
    repository.file("elsewhere.txt", "another commit\n").commit();
    Program.Ended second = auto(repository, "2");
    Program.Ended changed = auto(repository, "3", "--build-arg", "app:A=1");

    assertThat(first.err()).doesNotContain("unchanged");
    assertThat(second.err()).contains("not built, unchanged sha256:").doesNotContain("Retrieving");
    assertThat(changed.err()).doesNotContain("unchanged");
    ImagePuller registry = new ImagePuller(stack.registry());
    assertThat(registry.manifest("steady/app", "2"))
        .isPresent()
        .isEqualTo(registry.manifest("steady/app", "1"));
    assertThat(registry.file("steady/app", "3", "a.txt")).contains("1\n");
  }

  private static Program.Ended auto(GitRepository repository, String tag, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("build", "--workload", "steady", "--tag", tag, "--auto"));
    arguments.addAll(List.of("--repository", repository.url(), "--service", "app=app"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-o", "json"));
    Program.Ended ran = stack.tarkiln(arguments.toArray(String[]::new));
    assertThat(ran.exit()).as(ran.err()).isZero();
    return ran;
  }

  @Test
  void a_newer_build_with_the_same_key_ends_the_older_one() throws Exception {
    GitRepository slow =
        GitRepository.in(folder.resolve("slow"))
            .file("Dockerfile", "FROM alpine:3.20\nRUN while true; do sleep 1; done\n")
            .committed();
    GitRepository quick =
        GitRepository.in(folder.resolve("quick"))
            .file("Dockerfile", "FROM alpine:3.20\nCOPY Dockerfile /\n")
            .committed();
    String[] key = {"--revision", "main", "--concurrency", "main"};
    String older = stack.publish("keyed", slow.url(), key).out().strip();
    String other = stack.publish("other", quick.url(), key).out().strip();

    Program.Ended newer = stack.build("keyed", quick.url(), key);

    assertThat(newer.exit()).as(newer.err()).isZero();
    Program.Ended ended = stack.tarkiln("watch", older);
    assertThat(ended.out() + ended.err()).contains("cancelled", "same concurrency key is newer");
    assertThat(stack.tarkiln("watch", other).exit()).as("of another workload").isZero();
  }

  private static String digest(String build) throws Exception {
    return new ObjectMapper()
        .readTree(stack.tarkiln("show", "-o", "json", build).out())
        .at("/services/0/pushed/digest")
        .asText();
  }
}
