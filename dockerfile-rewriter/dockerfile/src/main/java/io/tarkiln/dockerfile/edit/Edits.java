package io.tarkiln.dockerfile.edit;

import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements in a file, which are made all at once at the end. */
public final class Edits {
  private record Edit(int start, int end, String text) {}

  private final String file;
  private final List<Edit> edits = new ArrayList<>();

  public Edits(String file) {
    this.file = file;
  }

  public void replace(int start, int end, String text) {
    edits.add(new Edit(start, end, text));
  }

  /**
   * Adds a line after an instruction, unless it would be part of that; several come in the order of
   * calls.
   */
  public void lineAfter(Instruction instruction, String line) {
    if (instruction.place().isOpen()) {
      return;
    }
    int end = instruction.place().end();
    replace(end, end, "\n" + line);
  }

  /** Adds a line before an instruction; several come in the order of calls. */
  public void lineBefore(Instruction instruction, String line) {
    int start = instruction.place().start();
    replace(start, start, line + "\n");
  }

  /** Makes comments of the lines of an instruction, so that all others keep their numbers. */
  public void blank(Instruction instruction) {
    blankAfter(instruction, "#");
  }

  /** Puts another first line in the place of an instruction, and comments in that of the rest. */
  public void blankAfter(Instruction instruction, String firstLine) {
    int start = instruction.place().start();
    int end = instruction.place().end();
    long more = file.substring(start, end).chars().filter(c -> c == '\n').count();
    replace(start, end, firstLine + "\n#".repeat((int) more));
  }

  public String applied() {
    List<Edit> sorted = edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList();
    StringBuilder out = new StringBuilder();
    int copied = 0;
    for (Edit edit : sorted) {
      out.append(file, copied, Math.max(copied, edit.start())).append(edit.text());
      copied = Math.max(copied, edit.end());
    }
    return out.append(file, copied, file.length()).toString();
  }
}
