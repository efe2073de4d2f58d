package io.tarkiln.cli.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The git repository that a folder is in, as the git on this machine reads it. */
record LocalGit(Path folder) {
  /** The repository of a folder, at its top. */
  static LocalGit of(Path folder) throws CliException {
    String top = new LocalGit(folder).text("not a git checkout", "rev-parse", "--show-toplevel");
    return new LocalGit(Path.of(top.strip()));
  }

  /** The commit's full id, so that no name is ever taken for an option. */
  String commit(String revision) throws CliException {
    return text(
            "there is no commit '%s' in this checkout: fetch it".formatted(revision),
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            revision + "^{commit}")
        .strip();
  }

  /**
   * The ids of what is at paths of a commit, symbolic links followed within it; empty where there
   * is nothing of this type.
   *
   * @param type {@code blob} or {@code tree}
   */
  Optional<String> id(String commit, String path, String type) throws CliException {
    if (path.contains("\n")) {
      return Optional.empty();
    }
    byte[] query = (commit + ":" + (path.equals(".") ? "" : path) + "\n").getBytes(UTF_8);
    String check = "--batch-check=%(objecttype) %(objectname)";
    String answer =
        new String(
            run("git cannot read the commit", query, "cat-file", check, "--follow-symlinks"),
            UTF_8);
    return answer.startsWith(type + " ")
        ? Optional.of(answer.substring(type.length() + 1).strip())
        : Optional.empty();
  }

  /** What git prints. */
  String text(String failure, String... arguments) throws CliException {
    return new String(run(failure, new byte[0], arguments), UTF_8);
  }

  /** What git prints, a character per byte. */
  String raw(String failure, String... arguments) throws CliException {
    return new String(run(failure, new byte[0], arguments), ISO_8859_1);
  }

  /**
   * Runs git.
   *
   * @param input at most a few lines
   * @param failure what it means when git fails
   */
  private byte[] run(String failure, byte[] input, String... arguments) throws CliException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (OutputStream in = git.getOutputStream()) {
        in.write(input);
      }
      byte[] out = git.getInputStream().readAllBytes();
      if (git.waitFor() == 0) {
        return out;
      }
    } catch (IOException missing) {
      throw new CliException(
          CliException.WRONG_USAGE, "--changed-since needs git: install it", missing);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.UNREACHABLE, "interrupted");
    }
    throw new CliException(CliException.WRONG_USAGE, "--changed-since: " + failure);
  }
}
