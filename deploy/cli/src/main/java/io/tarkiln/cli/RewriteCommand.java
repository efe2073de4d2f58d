package io.tarkiln.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.cli.view.EventText;
import io.tarkiln.dockerfile.DockerfileRewriter;
import io.tarkiln.dockerfile.ImageOperand;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.dockerfile.RewriteResult;
import io.tarkiln.dockerfile.syntax.ParseError;
import io.tarkiln.event.json.Json;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code rewrite} command: rewrites Dockerfiles here, as the dockerfile-rewriter does. */
@Command(
    name = "rewrite",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Rewrites Dockerfiles as the dockerfile-rewriter does; needs no server.",
      "One file goes to stdout. With --output-directory each result goes to DIR/FILE, and a"
          + " report of every base image to DIR/FILE.report.json.",
      "Exits 1 when a file could not be read as a Dockerfile; it is copied unchanged then."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln rewrite --proxy docker.io=harbor.example.com/hub Dockerfile",
      "  tarkiln rewrite --build-arg VERSION=3.20 --output-directory out */Dockerfile"
    })
final class RewriteCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--proxy",
      paramLabel = "HOST=PREFIX",
      description = "the proxy of a registry; repeatable (default from TARKILN_PROXY_PROJECTS)")
  private List<String> proxies = new ArrayList<>();

  @Option(names = "--build-arg", paramLabel = "K=V", description = "a build argument; repeatable")
  private Map<String, String> buildArgs = new TreeMap<>();

  @Option(
      names = "--output-directory",
      paramLabel = "DIR",
      description = "where results go, instead of stdout")
  private Optional<Path> outputDirectory = Optional.empty();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "a Dockerfile")
  private List<Path> files;

  /** What a report file holds. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record Report(String file, List<Operand> baseImages, Optional<ParseError> error) {}

  private record Operand(
      int line, String instruction, String before, String after, String why, String detail) {}

  @Override
  public Integer call() throws CliException, IOException {
    DockerfileRewriter rewriter = new DockerfileRewriter(proxyMap(), Platform.ofThisMachine());
    if (outputDirectory.isEmpty() && files.size() > 1) {
      throw new CliException(
          CliException.WRONG_USAGE, "several files need --output-directory to go to");
    }
    PrintWriter err = spec.commandLine().getErr();
    int exit = 0;
    for (Path file : files) {
      RewriteResult rewritten = rewriter.rewrite(read(file), buildArgs);
      if (rewritten.error().isPresent()) {
        ParseError error = rewritten.error().get();
        err.printf("%s line %d: %s%n", file, error.line(), error.message());
        exit = CliException.FAILED;
      }
      if (outputDirectory.isPresent()) {
        write(outputDirectory.get(), file, rewritten);
      } else {
        print(rewritten, err);
      }
    }
    err.flush();
    return exit;
  }

  private ProxyMap proxyMap() throws CliException {
    ProxyMap map =
        proxies.isEmpty()
            ? ProxyMap.parse(
                UserSettings.ofUser().settings().get(Settings.PROXY_PROJECTS).orElse(""))
            : ProxyMap.of(proxies);
    if (map.isEmpty()) {
      throw new CliException(
          CliException.WRONG_USAGE,
          "no proxy is known: give --proxy HOST=PREFIX, or set TARKILN_PROXY_PROJECTS");
    }
    return map;
  }

  private static byte[] read(Path file) throws CliException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new CliException(CliException.WRONG_USAGE, "cannot read " + file, unreadable);
    }
  }

  private static void print(RewriteResult rewritten, PrintWriter err) throws IOException {
    rewritten
        .baseImages()
        .forEach(
            image ->
                err.println(
                    EventText.baseImage(
                        image.line(),
                        image.instruction(),
                        image.before(),
                        image.after(),
                        (image.why().wire() + " " + image.detail()).strip())));
    OutputStream bytes = System.out;
    bytes.write(rewritten.dockerfile());
    bytes.flush();
  }

  private static void write(Path directory, Path file, RewriteResult rewritten)
      throws IOException, CliException {
    Path relative = file.isAbsolute() ? file.getRoot().relativize(file) : file;
    Path target = directory.resolve(relative).normalize();
    if (!target.startsWith(directory.normalize())) {
      throw new CliException(
          CliException.WRONG_USAGE, file + " leads out of " + directory + ": give a path below");
    }
    Files.createDirectories(target.toAbsolutePath().getParent());
    Files.write(target, rewritten.dockerfile());
    Report report =
        new Report(
            file.toString(),
            rewritten.baseImages().stream().map(RewriteCommand::operand).toList(),
            rewritten.error());
    Files.write(
        target.resolveSibling(target.getFileName() + ".report.json"),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
  }

  private static Operand operand(ImageOperand image) {
    return new Operand(
        image.line(),
        image.instruction(),
        image.before(),
        image.after(),
        image.why().wire(),
        image.detail());
  }
}
