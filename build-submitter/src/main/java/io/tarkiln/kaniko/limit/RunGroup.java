package io.tarkiln.kaniko.limit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups of one run, of version 1 or 2, which the kernel holds to its limits. Where none
 * can be made, as for users who are not root, there are none.
 *
 * @param folders of the groups
 */
public record RunGroup(List<Path> folders) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunGroup.class);
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 20;

  /**
   * Moves the shell that reads it, and so what it becomes, into the groups that come first; of the
   * variables that shells set nothing is left.
   */
  private static final String ENTER =
      "while [ \"$1\" != -- ]; do echo $$ >\"$1/cgroup.procs\" || exit 1; shift; done;"
          + " shift; exec env -u PWD -u OLDPWD -u SHLVL -u _ \"$@\"";

  /** No group, no limits. */
  public static final RunGroup NONE = new RunGroup(List.of());

  public RunGroup {
    folders = List.copyOf(folders);
  }

  /** Makes the groups of a run, as far as that is possible here. */
  public static RunGroup make(String name, RunLimits limits) {
    RunGroup made = new RunGroup(folders("tarkiln-" + name, limits));
    if (made.folders().isEmpty()) {
      LOG.debug("no control group for {}: its processes are counted, but not bounded", name);
    }
    return made;
  }

  private static List<Path> folders(String name, RunLimits limits) {
    Map<String, String> processes = Map.of("pids.max", Integer.toString(limits.processes()));
    Optional<String> memory = limits.memoryBytes().map(String::valueOf);
    List<Path> made = new ArrayList<>();
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      Map<String, String> all = new LinkedHashMap<>(processes);
      memory.ifPresent(bytes -> all.put("memory.max", bytes));
      memory.ifPresent(bytes -> all.put("memory.swap.max", "0"));
      made(ROOT.resolve(name), all).ifPresent(made::add);
    } else {
      made(ROOT.resolve("pids").resolve(name), processes).ifPresent(made::add);
      memory
          .flatMap(
              bytes ->
                  made(
                      ROOT.resolve("memory").resolve(name), Map.of("memory.limit_in_bytes", bytes)))
          .ifPresent(made::add);
    }
    return made;
  }

  private static Optional<Path> made(Path folder, Map<String, String> values) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> value : values.entrySet()) {
        if (Files.exists(folder.resolve(value.getKey()))) {
          Files.writeString(folder.resolve(value.getKey()), value.getValue());
        }
      }
      return Optional.of(folder);
    } catch (IOException notOurs) {
      LOG.debug("cannot make {}", folder, notOurs);
      return Optional.empty();
    }
  }

  /** What to put before a command so that it runs in the groups. */
  public List<String> enter() {
    if (folders.isEmpty()) {
      return List.of();
    }
    return Stream.of(
            Stream.of("sh", "-c", ENTER, "group"),
            folders.stream().map(Path::toString),
            Stream.of("--"))
        .flatMap(each -> each)
        .toList();
  }

  /** Whether the kernel had to refuse it a process or thread. */
  public boolean hasRefusedProcess() {
    return folders.stream()
        .map(folder -> folder.resolve("pids.events"))
        .filter(Files::isReadable)
        .anyMatch(RunGroup::hasEvent);
  }

  private static boolean hasEvent(Path events) {
    try {
      return Files.readAllLines(events).stream().anyMatch(line -> line.matches("max [1-9].*"));
    } catch (IOException gone) {
      return false;
    }
  }

  /** Removes the groups, as soon as what was killed in them has gone. */
  @Override
  public void close() {
    folders.forEach(RunGroup::delete);
  }

  private static void delete(Path folder) {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.deleteIfExists(folder);
        return;
      } catch (IOException busy) {
        if (attempt == ATTEMPTS) {
          LOG.warn("cannot remove {}: something runs in it", folder, busy);
          return;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
