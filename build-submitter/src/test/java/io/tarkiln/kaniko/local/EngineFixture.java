package io.tarkiln.kaniko.local;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.kaniko.KanikoArguments;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.KanikoSettings;
import io.tarkiln.kaniko.SampleRuns;
import io.tarkiln.kaniko.Snapshots;
import io.tarkiln.kaniko.access.AccessIssuer;
import io.tarkiln.kaniko.launch.ArchiveWriter;
import io.tarkiln.kaniko.launch.ContainerLauncher;
import io.tarkiln.kaniko.launch.KanikoLauncher;
import io.tarkiln.kaniko.launch.LauncherSelector;
import io.tarkiln.kaniko.limit.RunLimits;
import io.tarkiln.kaniko.network.NetworkSettings;
import io.tarkiln.kaniko.network.RunNetworks;
import io.tarkiln.kaniko.output.LogLimits;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real S3, a real registry and sources to build, for tests of engines. */
public final class EngineFixture implements AutoCloseable {
  private static final byte[] TOOLS = tools();

  private final RegistryServer registry;
  private final ObjectStore store = TestS3.newStore();

  public EngineFixture(Path directory) throws IOException {
    registry =
        RegistryServer.start(
            directory.resolve("registry"), "localhost", RegistryServer.Options.PLAIN);
  }

  public ObjectStore store() {
    return store;
  }

  String registry() {
    return registry.address();
  }

  /** Settings with small limits in all but time and disk. */
  public static LocalSettings settings(Path workDirectory, int concurrentRuns) {
    return new LocalSettings(
        workDirectory,
        concurrentRuns,
        Duration.ofMinutes(5),
        new RunLimits(1L << 30, 500, Optional.empty()),
        new LogLimits(500, 1 << 20),
        Duration.ofSeconds(30));
  }

  public LocalEngine engine(LocalSettings settings, KanikoLauncher launcher) {
    return engine(settings, launcher, AccessIssuer.NOTHING);
  }

  /** An engine whose runs may do at registries what they are given. */
  public LocalEngine engine(LocalSettings settings, KanikoLauncher launcher, AccessIssuer access) {
    return engine(settings, launcher, access, Map.of("TARKILN_BUILD_NETWORK", "own"));
  }

  /** An engine whose builds have the network that these variables say. */
  public LocalEngine engine(
      LocalSettings settings, KanikoLauncher launcher, Map<String, String> network) {
    return engine(settings, launcher, AccessIssuer.NOTHING, network);
  }

  private LocalEngine engine(
      LocalSettings settings,
      KanikoLauncher launcher,
      AccessIssuer access,
      Map<String, String> network) {
    Map<String, String> variables = new HashMap<>(network);
    variables.put(Settings.REGISTRY, registry());
    return new LocalEngine(
        settings,
        arguments(),
        access,
        store,
        only(launcher),
        new RunNetworks(NetworkSettings.of(Settings.of(variables))));
  }

  private KanikoArguments arguments() {
    return new KanikoArguments(
        new KanikoSettings(registry(), Optional.empty(), List.of(registry()), Snapshots.FULL));
  }

  private static LauncherSelector only(KanikoLauncher launcher) {
    return new LauncherSelector() {
      @Override
      public KanikoLauncher choose() {
        return launcher;
      }

      @Override
      public void removeLeftovers() {
        if (launcher instanceof ContainerLauncher containers) {
          containers.engine().removeAll();
        }
      }
    };
  }

  /** A run of this Dockerfile with a shell and some commands in its context. */
  public KanikoRun run(String dockerfile, Map<String, String> buildArgs)
      throws UnavailableException {
    return run(TOOLS, dockerfile, buildArgs);
  }

  /** A run of this Dockerfile in this source. */
  public KanikoRun run(ArchiveWriter source, String dockerfile, Map<String, String> buildArgs)
      throws UnavailableException {
    return run(source.bytes(), dockerfile, buildArgs);
  }

  private KanikoRun run(byte[] source, String dockerfile, Map<String, String> buildArgs)
      throws UnavailableException {
    BuildId build = BuildId.next();
    String key = ObjectKeys.source("shop", build.toString().replace("-", "") + "01234567");
    store.write(key, source);
    store.write(ObjectKeys.rewrittenDockerfile(build, "api"), dockerfile.getBytes());
    return SampleRuns.of(build, SampleRuns.input(build, key, buildArgs, Optional.empty()));
  }

  /** A source with a shell, some commands and a Dockerfile that is to be rewritten. */
  private static byte[] tools() {
    try {
      ArchiveWriter source = new ArchiveWriter();
      source.file("source/services/api/sh", Files.readAllBytes(GoTools.provide("sh")), 0755);
      Path commands = GoTools.provide("uroot");
      for (String command : List.of("cat", "head", "ln", "ls", "mkdir", "rm", "sleep")) {
        byte[] binary = Files.readAllBytes(commands.resolve(command));
        source.file("source/services/api/bin/" + command, binary, 0755);
      }
      source.file("source/services/api/Dockerfile", "FROM the-one-before-rewriting\n");
      return source.bytes();
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /**
   * The first instructions of a Dockerfile that has a shell. No two are the same, or a RUN of one
   * test could be found in the cache of another.
   */
  public static String shell() {
    return """
    FROM scratch
    COPY sh /bin/sh
    COPY bin /bin
    ENV ONLY=%s
    """
        .formatted(BuildId.next());
  }

  /** Names of the directories of runs. */
  public static List<String> runDirectories(Path workDirectory) throws IOException {
    try (Stream<Path> runs = Files.list(workDirectory.resolve("runs"))) {
      return runs.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
