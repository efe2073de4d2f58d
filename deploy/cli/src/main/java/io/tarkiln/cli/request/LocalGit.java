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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The git repository that a folder is in, as the git on this machine reads it. */
record LocalGit(Path folder) {
  private static final int MAX_LINKS = 40;

  /** A link to the machine's root, for which a build takes the repository's (git-cat-file). */
  private static final Pattern ABSOLUTE = Pattern.compile("symlink [0-9]+\n/+(.*)\n");

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
    return id(commit, path, type, MAX_LINKS);
  }

  private Optional<String> id(String commit, String path, String type, int links)
      throws CliException {
    if (path.contains("\n") || links == 0) {
      return Optional.empty();
    }
    byte[] query = (commit + ":" + (path.equals(".") ? "" : path) + "\n").getBytes(UTF_8);
    String check = "--batch-check=%(objecttype) %(objectname)";
    String answer =
        new String(
            run("git cannot read the commit", query, "cat-file", check, "--follow-symlinks"),
            UTF_8);
    Matcher absolute = ABSOLUTE.matcher(answer);
    if (absolute.matches()) {
      return id(commit, absolute.group(1), type, links - 1);
    }
    return answer.startsWith(type + " ")
        ? Optional.of(answer.substring(type.length() + 1).strip())
        : Optional.empty();
  }

  /** Whether a path of a commit leads through a link, or to one. */
  boolean isLinked(String commit, String path) throws CliException {
    String plain = Path.of(path).normalize().toString();
    return !plain.isEmpty()
        && id(commit, plain, "tree").isPresent()
        && text("git cannot read the commit", "ls-tree", "-d", "-z", commit, "--", plain).isEmpty();
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
