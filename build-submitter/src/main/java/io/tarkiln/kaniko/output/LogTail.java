package io.tarkiln.kaniko.output;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a log, and what Kaniko itself said in it. Safe for one thread. */
public final class LogTail {
  private static final int LINES = 20;
  private static final int MAX_LINE = 500;

  /** How Kaniko logs, once colours are off: level and seconds since it began. */
  private static final Pattern KANIKO = Pattern.compile("(DEBU|INFO|WARN|ERRO|FATA)\\[\\d+] ?(.*)");

  /**
   * How Kaniko ends when it fails (its cmd/executor: "error building image" and others). Argo's
   * executor adds the exit status to that, which says nothing.
   */
  private static final Pattern ERROR =
      Pattern.compile(
          "(error (building|checking|resolving|pushing|getting) |Error: (?!exit status )|panic:"
              + " ).*");

  private final Deque<String> lines = new ArrayDeque<>();
  private boolean kanikoSpoke;
  private String error = "";
  private String instruction = "";

  public void add(String line) {
    String cut = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "..." : line;
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(cut);
    Matcher kaniko = KANIKO.matcher(line);
    if (kaniko.matches()) {
      kanikoSpoke = true;
      String said = kaniko.group(2).strip();
      if (said.startsWith("RUN ")) {
        instruction = said;
      } else if (kaniko.group(1).equals("FATA")) {
        error = said;
      }
    } else if (ERROR.matcher(line).matches()) {
      error = line;
    }
  }

  /** The last lines, oldest first. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The last line, or nothing at all. */
  String lastLine() {
    return lines.isEmpty() ? "" : lines.getLast();
  }

  /** The last line in which Kaniko says why it gives up. */
  Optional<String> error() {
    return error.isEmpty() ? Optional.empty() : Optional.of(error);
  }

  /** The last RUN instruction that was begun. */
  Optional<String> instruction() {
    return instruction.isEmpty() ? Optional.empty() : Optional.of(instruction);
  }

  /** Whether Kaniko began at all. */
  boolean kanikoSpoke() {
    return kanikoSpoke;
  }
}
