package io.tarkiln.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.event.BuildRequested.RequestedService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What two commits of the working directory's git repository differ in, by paths from its root.
 *
 * @param root the folder of the checkout
 * @param paths files that were added, changed or deleted; of one that was renamed, both names
 */
record ChangedFiles(Path root, List<String> paths) {
  /**
   * Asks git.
   *
   * @throws CliException when there is no git, no repository, or no such commit in it
   */
  static ChangedFiles between(Path folder, String before, String after) throws CliException {
    Path root = Path.of(git(folder, "not a git checkout", "rev-parse", "--show-toplevel").strip());
    String diff =
        git(
            root,
            "git cannot compare the two commits",
            "diff",
            "--name-only",
            "--no-renames",
            "-z",
            commit(root, before),
            commit(root, after),
            "--");
    return new ChangedFiles(root, diff.isEmpty() ? List.of() : List.of(diff.split("\0")));
  }

  /** Whether a file of its build context, its Dockerfile or what it ignores is another. */
  boolean concern(RequestedService service) {
    Path context = Path.of(service.context()).normalize();
    return paths.stream()
        .anyMatch(
            path ->
                context.toString().isEmpty()
                    || Path.of(path).startsWith(context)
                    || Path.of(path).equals(Path.of(service.dockerfile()).normalize())
                    || path.equals(service.dockerfile() + ".dockerignore"));
  }

  /** Whether this file of the checkout is another. */
  boolean contain(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return paths.stream().anyMatch(path -> root.resolve(path).equals(absolute));
  }

  /** The commit's full id, so that no name is ever taken for an option. */
  private static String commit(Path root, String revision) throws CliException {
    return git(
            root,
            "there is no commit '%s' in this checkout: fetch it".formatted(revision),
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            revision + "^{commit}")
        .strip();
  }

  private static String git(Path folder, String otherwise, String... arguments)
      throws CliException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Optional<String> said;
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      git.getOutputStream().close();
      String out = new String(git.getInputStream().readAllBytes(), UTF_8);
      said = git.waitFor() == 0 ? Optional.of(out) : Optional.empty();
    } catch (IOException missing) {
      throw new CliException(
          CliException.WRONG_USAGE, "--changed-since needs git: install it", missing);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.UNREACHABLE, "interrupted");
    }
    return said.orElseThrow(
        () -> new CliException(CliException.WRONG_USAGE, "--changed-since: " + otherwise));
  }
}
