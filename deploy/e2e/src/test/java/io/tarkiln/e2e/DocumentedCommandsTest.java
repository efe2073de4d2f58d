package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.document.Checkout;
import io.tarkiln.e2e.document.Invocation;
import io.tarkiln.e2e.document.MarkdownPage;
import io.tarkiln.e2e.stack.ImagePuller;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that pages show, and those of README.md run as they stand there. */
@Tag("e2e")
class DocumentedCommandsTest {
  private static final String DOCKERFILE = "FROM alpine:3.20\nARG VERSION=none\nCOPY . /copied/\n";

  /** Tells of what there was. */
  private static final Path CHANGELOG = Path.of("CHANGELOG.md");

  @TempDir private Path folder;

  @Test
  void the_main_job_is_one_command() throws Exception {
    Program.Ended ran =
        Stack.run(
            Map.of("XDG_STATE_HOME", folder.toString()), arguments(block("deploy/tarkiln try")));

    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out())
        .containsSubsequence(
            "build-requested",
            "source-checked-out",
            "dockerfile-rewritten",
            "build-submitted",
            "image-built",
            "image-pushed",
            "build-finished",
            "shop:1.0.0 succeeded in ",
            "/shop/api:1.0.0@sha256:",
            "/shop/web:1.0.0@sha256:");
  }

  @Test
  void builds_a_repository_of_ones_own() throws Exception {
    GitRepository shop =
        GitRepository.in(folder.resolve("shop"))
            .file("services/api/Dockerfile", DOCKERFILE)
            .file("services/web/page", "hello\n")
            .file("docker/web.Dockerfile", DOCKERFILE)
            .committed();
    shop.git("tag", "1.4.0");
    String block = block("deploy/tarkiln build");
    String theirs = "https://git.example.com/acme/shop.git";
    assertThat(block).contains(theirs);

    try (Stack stack = Stack.up(folder.resolve("state"))) {
      Program.Ended ran = stack.tarkiln(arguments(block.replace(theirs, shop.url())));

      assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
      ImagePuller registry = new ImagePuller(stack.registry());
      assertThat(registry.file("shop/web", "1.4.0", "copied/page")).contains("hello\n");
      assertThat(registry.manifest("shop/api", "1.4.0")).isPresent();
      assertThat(stack.stop()).isZero();
    }
  }

  @Test
  void commands_have_the_options_that_pages_give_them() throws Exception {
    Map<String, Set<String>> shown = new TreeMap<>();
    pages().stream()
        .filter(page -> !page.path().equals(CHANGELOG))
        .flatMap(
            page -> Stream.concat(page.spans().stream(), page.blocks().stream().map(b -> b.text())))
        .flatMap(Invocation::in)
        .forEach(
            one ->
                shown.computeIfAbsent(one.command(), c -> new TreeSet<>()).addAll(one.options()));

    assertThat(shown)
        .containsKeys("try", "up", "build", "deadletters retry")
        .hasSizeGreaterThan(12);
    for (Map.Entry<String, Set<String>> command : shown.entrySet()) {
      String[] help = (command.getKey() + " --help").split(" ");
      Program.Ended ran = Stack.run(Map.of(), help);

      assertThat(ran.exit()).as(command.getKey() + ": " + ran.err()).isZero();
      assertThat(ran.out().split("[\\s,=\\[\\]]+"))
          .as(command.getKey())
          .containsAll(command.getValue());
    }
  }

  @Test
  void shell_blocks_are_shell() throws Exception {
    for (MarkdownPage page : pages()) {
      for (MarkdownPage.Block block : page.blocks()) {
        if (block.language().equals("sh")) {
          Program.Ended bash = Program.of("bash", "-n", "-c", block.text()).merged().run();
          assertThat(bash.exit()).as("%s: %s%n%s", page, bash.out(), block.text()).isZero();
        }
      }
    }
  }

  /** The one block of a shell that begins so. */
  private static String block(String beginning) throws IOException {
    List<String> blocks =
        pages().stream()
            .filter(page -> page.path().equals(Path.of("README.md")))
            .flatMap(page -> page.blocks().stream())
            .filter(block -> block.language().equals("sh"))
            .map(MarkdownPage.Block::text)
            .filter(text -> text.startsWith(beginning))
            .toList();
    assertThat(blocks).as(beginning).hasSize(1);
    return blocks.get(0);
  }

  /** What a shell makes of the arguments of the block's first command. */
  private static String[] arguments(String block) throws IOException {
    String first = block.replaceAll("(?s)(?<!\\\\)\\n.*", "");
    String printing = first.replaceFirst(Pattern.quote("deploy/tarkiln "), "printf '%s\\\\n' ");
    return Program.of("bash", "-c", printing).output().split("\n");
  }

  private static List<MarkdownPage> pages() throws IOException {
    return Checkout.here().pages();
  }
}
