package io.tarkiln.kaniko.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes of a sandbox that outlived the process that started them. {@code bwrap} and {@code
 * unshare} ask to die with their parent only some milliseconds after they were started: when it is
 * killed before that, nothing else ends them.
 */
final class OrphanProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanProcesses.class);
  private static final Path PROCESSES = Path.of("/proc");
  private static final List<String> TIED_TO_PARENT =
      List.of("--die-with-parent", "--pdeathsig=KILL", "--kill-child=KILL");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private OrphanProcesses() {}

  /**
   * Kills what has this directory as its root, and returns when it is gone; says so in our log when
   * it is not within 10 s.
   */
  static void kill(Path root) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<ProcessHandle> orphans = of(root);
    while (!orphans.isEmpty()) {
      if (System.nanoTime() - end > 0) {
        LOG.warn("cannot kill the processes {} of the sandbox in {}", orphans, root);
        return;
      }
      orphans.forEach(ProcessHandle::destroyForcibly);
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException hurried) {
        // They were sent the signal.
        Thread.currentThread().interrupt();
        return;
      }
      orphans = of(root);
    }
  }

  /** The launchers of a sandbox, which were given its root as an argument; none without /proc. */
  static List<ProcessHandle> of(Path root) {
    return ProcessHandle.allProcesses().filter(process -> launched(process, root)).toList();
  }

  private static boolean launched(ProcessHandle process, Path root) {
    List<String> arguments = arguments(process.pid());
    return arguments.contains(root.toString())
        && arguments.stream().anyMatch(TIED_TO_PARENT::contains);
  }

  /** Read in whole: ProcessHandle.Info gives none of more than a page. */
  private static List<String> arguments(long pid) {
    try {
      Path arguments = PROCESSES.resolve(Long.toString(pid)).resolve("cmdline");
      return List.of(new String(Files.readAllBytes(arguments), UTF_8).split("\0"));
    } catch (IOException ended) {
      return List.of();
    }
  }
}
