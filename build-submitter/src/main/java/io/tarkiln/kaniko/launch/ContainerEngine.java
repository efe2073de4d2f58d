package io.tarkiln.kaniko.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Docker or Podman, through its command.
 *
 * @param command the command and what is always put first after it
 * @param workDirectory whose containers are ours: every container has it as a label
 */
public record ContainerEngine(List<String> command, Path workDirectory) {
  private static final String LABEL = "io.tarkiln.work-directory";
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration PULL = Duration.ofMinutes(10);

  /**
   * The engines that the settings name and that answer, each asked when the stream comes to it.
   *
   * @param workDirectory whose containers these will be
   */
  public static Stream<ContainerEngine> answering(LauncherSettings settings, Path workDirectory) {
    return settings.engines().stream()
        .map(command -> new ContainerEngine(command, workDirectory))
        .filter(ContainerEngine::answers);
  }

  /** Whether it has the image, pulled if need be. */
  public boolean has(String image) {
    return pull(image).succeeded();
  }

  /** Whether its daemon, or what stands for it, answers. */
  boolean answers() {
    return run(ANSWER, "info").succeeded();
  }

  /** Whether a container can be put into a network namespace of this machine. */
  boolean entersNamespaces() {
    return command.stream().anyMatch(word -> word.endsWith("podman"))
        && "0".equals(CommandResult.run(ANSWER, List.of("id", "-u")).output());
  }

  /** Has the image here, pulled if need be; a failed command says why not. */
  CommandResult pull(String image) {
    CommandResult there = run(ANSWER, "image", "inspect", image);
    return there.succeeded() ? there : run(PULL, "pull", image);
  }

  /** Ends and removes a container, if it is there. */
  void remove(String name) {
    run(ANSWER, "rm", "--force", name);
  }

  /** Ends and removes all containers of the work directory. */
  public void removeAll() {
    CommandResult ids =
        run(ANSWER, "ps", "--all", "--quiet", "--filter", "label=%s".formatted(label()));
    if (ids.succeeded()) {
      ids.output().lines().map(String::strip).filter(id -> !id.isEmpty()).forEach(this::remove);
    }
  }

  /** Bytes that a container has written over its image; 0 where the engine does not tell. */
  long written(String name) {
    CommandResult size =
        run(ANSWER, "container", "inspect", "--size", "--format", "{{.SizeRw}}", name);
    return size.succeeded() && size.output().matches("[0-9]{1,18}")
        ? Long.parseLong(size.output())
        : 0;
  }

  /** What marks a container as ours. */
  String label() {
    return LABEL + "=" + workDirectory;
  }

  /** The engine's command with these arguments. */
  public List<String> with(List<String> arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    return all;
  }

  private CommandResult run(Duration longest, String... arguments) {
    return CommandResult.run(longest, with(List.of(arguments)));
  }
}
