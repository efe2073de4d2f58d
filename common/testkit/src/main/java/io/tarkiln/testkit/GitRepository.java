package io.tarkiln.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A repository made with the real git, free of the user's configuration. */
public record GitRepository(Path folder) {
  /** Makes an empty one with the branch {@code main}. */
  public static GitRepository in(Path folder) throws IOException {
    Files.createDirectories(folder);
    GitRepository repository = new GitRepository(folder);
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.git("config", "user.name", "Test");
    repository.git("config", "user.email", "test@example.com");
    repository.git("config", "gc.auto", "0");
    repository.git("config", "maintenance.auto", "false");
    return repository;
  }

  /** Writes a file; not committed yet. */
  public GitRepository file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Makes a symbolic link; not committed yet. */
  public GitRepository link(String path, String target) throws IOException {
    Path link = folder.resolve(path);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
    return this;
  }

  /** Commits all files and returns the commit's id. */
  public String commit() throws IOException {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "files");
    return git("rev-parse", "HEAD");
  }

  public String url() {
    return folder.toUri().toString().replaceFirst("^file:/+", "file:///").replaceFirst("/$", "");
  }

  /** Runs git on it and returns what it printed, without white space around. */
  public String git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process git = start(builder);
    String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (git.waitFor() != 0) {
        throw new IOException("git %s: %s".formatted(List.of(arguments), output));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    return output;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException missing) {
      throw new UncheckedIOException("these tests need git: install it", missing);
    }
  }
}
