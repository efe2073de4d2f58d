package io.tarkiln.kaniko.launch;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.kaniko.launch.KanikoLauncher.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what launches Kaniko on this machine: a container engine that answers and has or gets
 * the image, else bubblewrap, else {@code unshare}. A sandbox counts when Kaniko was seen to start
 * in it.
 */
public final class LauncherDiscovery implements LauncherSelector {
  private static final Logger LOG = LoggerFactory.getLogger(LauncherDiscovery.class);

  private final LauncherSettings settings;
  private final Path workDirectory;
  private Optional<KanikoLauncher> chosen = Optional.empty();

  /**
   * Looks at nothing yet.
   *
   * @param workDirectory of the engine that will use the launcher
   */
  public LauncherDiscovery(LauncherSettings settings, Path workDirectory) {
    this.settings = settings;
    this.workDirectory = workDirectory.toAbsolutePath().normalize();
  }

  @Override
  public synchronized KanikoLauncher choose() throws UnavailableException {
    if (chosen.isEmpty()) {
      List<String> faults = new ArrayList<>();
      KanikoLauncher found =
          container(faults)
              .or(() -> sandbox(faults))
              .orElseThrow(() -> new UnavailableException(advice(faults)));
      LOG.info("Kaniko is launched by {}", found.name());
      chosen = Optional.of(found);
    }
    return chosen.get();
  }

  @Override
  public void removeLeftovers() {
    settings.engines().forEach(command -> new ContainerEngine(command, workDirectory).removeAll());
  }

  private Optional<KanikoLauncher> container(List<String> faults) {
    Iterator<ContainerEngine> engines =
        ContainerEngine.answering(settings, workDirectory).iterator();
    while (engines.hasNext()) {
      ContainerEngine engine = engines.next();
      CommandResult pulled = engine.pull(settings.image());
      if (pulled.succeeded()) {
        return Optional.of(
            new ContainerLauncher(engine, settings.engineArguments(), settings.image()));
      }
      faults.add(
          "%s cannot get %s (%s)"
              .formatted(engine.command().get(0), settings.image(), pulled.lastLine()));
    }
    return Optional.empty();
  }

  private Optional<KanikoLauncher> sandbox(List<String> faults) {
    if (settings.executor().isEmpty() || !Files.isExecutable(settings.executor().get())) {
      faults.add(
          settings
              .executor()
              .map(path -> "there is no executor at " + path)
              .orElse("TARKILN_KANIKO_EXECUTOR names no executor for a sandbox"));
      return Optional.empty();
    }
    SandboxRoot sandbox = new SandboxRoot(settings.executor().get());
    boolean root = isRoot();
    List<KanikoLauncher> candidates = new ArrayList<>();
    candidates.add(new BubblewrapLauncher(sandbox, root));
    if (root) {
      candidates.add(new UnshareLauncher(sandbox));
    }
    return candidates.stream().filter(candidate -> works(candidate, faults)).findFirst();
  }

  private boolean works(KanikoLauncher candidate, List<String> faults) {
    Path place = workDirectory.resolve("probe-" + ProcessHandle.current().pid());
    try (RunDirectory directory = RunDirectory.make(place)) {
      KanikoProcess kaniko = candidate.launch(new Launch(directory, List.of("version")));
      try (InputStream output = kaniko.output()) {
        String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        if (kaniko.waitFor() == 0) {
          return true;
        }
        faults.add("%s does not work here (%s)".formatted(candidate.name(), text));
      }
    } catch (UnavailableException | IOException failed) {
      faults.add("%s does not work here (%s)".formatted(candidate.name(), failed.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException noLinux) {
      LOG.debug("no /proc/self: sandboxes need Linux", noLinux);
      return false;
    }
  }

  private static String advice(List<String> faults) {
    return "nothing here can run Kaniko: "
        + String.join("; ", faults)
        + ". Install Docker or Podman, or bubblewrap and the executor that"
        + " deploy/local/tools/provide kaniko builds";
  }
}
