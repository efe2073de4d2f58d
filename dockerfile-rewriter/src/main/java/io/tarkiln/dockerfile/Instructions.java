package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a Dockerfile into instructions, as BuildKit's parser does: comments and blank lines fall
 * out, also between continuation lines; the text of heredocs is passed over.
 */
final class Instructions {
  private static final Set<String> KEYWORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  private final byte[] file;
  private final Directives directives = new Directives();
  private final List<Instruction> found = new ArrayList<>();
  private int next;
  private int number;
  private int from;
  private int to;

  private Instructions(byte[] file) {
    this.file = file;
    boolean hasMark =
        file.length >= 3
            && file[0] == (byte) 0xEF
            && file[1] == (byte) 0xBB
            && file[2] == (byte) 0xBF;
    this.next = hasMark ? 3 : 0;
  }

  static Instructions read(byte[] file) throws ParseException {
    Instructions instructions = new Instructions(file);
    while (instructions.nextLine()) {
      instructions.instruction();
    }
    return instructions;
  }

  /** All instructions of the file, triggers of ONBUILD directly after it. */
  List<Instruction> all() {
    return found;
  }

  /** The character that escapes others and continues lines. */
  char escape() {
    return directives.escape();
  }

  /** Moves to the next line: {@code from} its first byte, {@code to} after its last but the end. */
  private boolean nextLine() {
    if (next >= file.length) {
      return false;
    }
    number++;
    from = next;
    while (next < file.length && file[next] != '\n') {
      next++;
    }
    to = next;
    next++;
    while (to > from && file[to - 1] == '\r') {
      to--;
    }
    return true;
  }

  private void instruction() throws ParseException {
    directives.read(number, new String(file, from, to - from, ISO_8859_1));
    if (isBlank() || isComment()) {
      return;
    }
    LogicalLine line = new LogicalLine(number);
    boolean more = append(line);
    while (more && nextLine()) {
      if (!isBlank() && !isComment()) {
        more = append(line);
      }
    }
    if (line.text().isBlank()) {
      return;
    }
    Words words = new Words(line, directives.escape());
    Instruction instruction = words.instruction(0);
    if (!KEYWORDS.contains(instruction.keyword())) {
      throw new ParseException(
          instruction.line(), "unknown instruction " + shown(instruction.keyword()));
    }
    Pairs.check(instruction);
    found.add(instruction);
    if (instruction.keyword().equals("ONBUILD")) {
      instruction = words.instruction(words.afterKeyword());
      found.add(instruction);
    }
    skip(instruction.line(), Heredocs.of(instruction));
  }

  private void skip(int begin, List<Heredocs.Heredoc> heredocs) throws ParseException {
    for (Heredocs.Heredoc heredoc : heredocs) {
      boolean ended = false;
      while (!ended && nextLine()) {
        ended = heredoc.isEndedBy(new String(file, from, to - from, ISO_8859_1));
      }
      if (!ended) {
        throw new ParseException(
            begin, "the heredoc is not ended by a line " + shown(heredoc.terminator()));
      }
    }
  }

  /** Adds the current line; whether it goes on in the next. */
  private boolean append(LogicalLine line) {
    int end = to;
    while (end > from && (file[end - 1] == ' ' || file[end - 1] == '\t')) {
      end--;
    }
    char escape = directives.escape();
    boolean goesOn =
        end > from && file[end - 1] == escape && (end - 1 == from || file[end - 2] != escape);
    line.append(file, from, goesOn ? end - 1 : to);
    return goesOn;
  }

  private boolean isBlank() {
    for (int i = from; i < to; i++) {
      if (file[i] != ' ' && (file[i] < '\t' || file[i] > '\r')) {
        return false;
      }
    }
    return true;
  }

  private boolean isComment() {
    for (int i = from; i < to; i++) {
      if (file[i] != ' ' && (file[i] < '\t' || file[i] > '\r')) {
        return file[i] == '#';
      }
    }
    return false;
  }

  private static String shown(String word) {
    String plain = word.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 40 ? plain.substring(0, 40) + "..." : plain;
  }
}
