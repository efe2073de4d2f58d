package io.tarkiln.kaniko.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A short command that was run to its end, without a shell.
 *
 * @param status its exit status; 127 when there is no such program
 * @param output what it wrote, errors included
 */
public record CommandResult(int status, String output) {
  /** An input that is at its end. */
  static final File NOTHING = new File("/dev/null");

  private static final int NO_SUCH_PROGRAM = 127;

  /** Runs it, and kills it when it takes longer than this. */
  public static CommandResult run(Duration longest, List<String> command) {
    Process process;
    try {
      process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectInput(NOTHING).start();
    } catch (IOException missing) {
      return new CommandResult(NO_SUCH_PROGRAM, String.valueOf(missing.getMessage()));
    }
    process
        .onExit()
        .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((ended, late) -> endIf(late != null, process));
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new CommandResult(process.waitFor(), text);
    } catch (IOException broken) {
      return new CommandResult(NO_SUCH_PROGRAM, String.valueOf(broken.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new CommandResult(NO_SUCH_PROGRAM, "interrupted");
    } finally {
      endIf(process.isAlive(), process);
    }
  }

  /** Not for one that has ended: that would close an output that is still being read. */
  private static void endIf(boolean condition, Process process) {
    if (condition) {
      process.destroyForcibly();
    }
  }

  boolean succeeded() {
    return status == 0;
  }

  /** The last line of the output. */
  String lastLine() {
    return output.substring(output.lastIndexOf('\n') + 1);
  }
}
