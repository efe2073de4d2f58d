package io.tarkiln.testkit;

import java.io.IOException;
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

  /** The same with all files committed. */
  public GitRepository committed() throws IOException {
    commit();
    return this;
  }

  public String url() {
    return folder.toUri().toString().replaceFirst("^file:/+", "file:///").replaceFirst("/$", "");
  }

  /** Runs git on it and returns what it printed, without white space around. */
  public String git(String... arguments) throws IOException {
    return git(new byte[0], arguments);
  }

  /** The same with this on its standard input. */
  public String git(byte[] input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    return Program.of(command).reading(input).output();
  }
}
