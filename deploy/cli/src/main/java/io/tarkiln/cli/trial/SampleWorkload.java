package io.tarkiln.cli.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sample workload as a real git repository, made from {@code deploy/samples/shop}.
 *
 * @param commit full id of what is built
 */
record SampleWorkload(Path folder, String commit) {
  /** The root of the checkout that this program belongs to, as the launcher says. */
  static Path home() throws CliException {
    return Optional.ofNullable(System.getenv("TARKILN_HOME"))
        .map(Path::of)
        .orElseThrow(
            () ->
                new CliException(
                    CliException.WRONG_USAGE, "TARKILN_HOME is not set: run deploy/tarkiln"));
  }

  /** Makes the repository; made before, it gets a commit only if the sample has changed. */
  static SampleWorkload make(Path home, Path folder)
      throws IOException, InterruptedException, CliException {
    Path sample = home.resolve("deploy/samples/shop");
    try (Stream<Path> files = Files.walk(sample)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(sample.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.exists(folder.resolve(".git"))) {
      git(folder, "init", "--quiet", "--initial-branch=main");
    }
    git(folder, "add", "--all");
    if (!git(folder, "status", "--porcelain").isBlank()) {
      git(
          folder,
          "-c",
          "user.name=Tarkiln",
          "-c",
          "user.email=sample@tarkiln.io",
          "commit",
          "--quiet",
          "--message",
          "The sample");
    }
    return new SampleWorkload(folder, git(folder, "rev-parse", "HEAD").strip());
  }

  String url() {
    return folder.toUri().toString().replaceFirst("/$", "");
  }

  private static String git(Path folder, String... arguments)
      throws IOException, InterruptedException, CliException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Process git;
    try {
      git = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      throw new CliException(
          CliException.UNREACHABLE, "git is not installed, and the sample needs it", missing);
    }
    String output = new String(git.getInputStream().readAllBytes(), UTF_8);
    if (git.waitFor() != 0) {
      throw new CliException(
          CliException.FAILED, "git " + arguments[0] + " failed: " + output.strip());
    }
    return output;
  }
}
