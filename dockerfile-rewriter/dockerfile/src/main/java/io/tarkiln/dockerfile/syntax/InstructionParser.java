package io.tarkiln.dockerfile.syntax;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a Dockerfile into instructions, as BuildKit's parser does: comments and blank lines fall
 * out, also between continuation lines; the text of heredocs is passed over.
 */
public final class InstructionParser {
  /** BuildKit's scanner gives up on a line of this many bytes, its end not counted. */
  private static final int TOO_LONG = 1 << 16;

  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

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

  /** The file; a character is a byte. */
  private final String file;

  private final Directives directives = new Directives();
  private final List<Instruction> found = new ArrayList<>();
  private int next;
  private int number;
  private int from;
  private int to;

  private InstructionParser(byte[] file) {
    this.file = new String(file, ISO_8859_1);
    this.next = this.file.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
  }

  public static InstructionParser read(byte[] file) throws ParseException {
    InstructionParser instructions = new InstructionParser(file);
    while (instructions.nextLine()) {
      instructions.instruction();
    }
    return instructions;
  }

  /** All instructions of the file, triggers of ONBUILD directly after it. */
  public List<Instruction> all() {
    return found;
  }

  /** The character that escapes others and continues lines. */
  public char escape() {
    return directives.escape();
  }

  /** Moves to the next line: {@code from} its first byte, {@code to} after its last but the end. */
  private boolean nextLine() throws ParseException {
    if (next >= file.length()) {
      return false;
    }
    number++;
    from = next;
    int end = file.indexOf('\n', from);
    to = end < 0 ? file.length() : end;
    next = to + 1;
    if (to - from >= TOO_LONG) {
      throw new ParseException(number, "the line is longer than " + (TOO_LONG - 1) + " bytes");
    }
    while (to > from && file.charAt(to - 1) == '\r') {
      to--;
    }
    return true;
  }

  private void instruction() throws ParseException {
    if (!directives.areOver()) {
      directives.read(number, file.substring(from, to));
    }
    int start = firstInk();
    if (start == to || file.charAt(start) == '#') {
      return;
    }
    LogicalLine line = new LogicalLine(number);
    boolean more = append(line, start);
    while (more && nextLine()) {
      int ink = firstInk();
      if (ink < to && file.charAt(ink) != '#') {
        more = append(line, from);
      }
    }
    InstructionLexer words = new InstructionLexer(line, directives.escape());
    Instruction instruction = words.instruction();
    if (!KEYWORDS.contains(instruction.keyword())) {
      throw new ParseException(
          instruction.line(), "unknown instruction " + shown(instruction.keyword()));
    }
    add(instruction);
    if (instruction.keyword().equals("ONBUILD")) {
      instruction = words.trigger();
      add(instruction);
    }
    List<Heredocs.Heredoc> heredocs = Heredocs.of(instruction, line.text());
    skip(instruction.line(), heredocs);
    line.ends(to, !heredocs.isEmpty(), more);
  }

  private void add(Instruction instruction) throws ParseException {
    KeyValuePairs.check(instruction);
    JsonForm.check(instruction);
    found.add(instruction);
  }

  private void skip(int begin, List<Heredocs.Heredoc> heredocs) throws ParseException {
    for (Heredocs.Heredoc heredoc : heredocs) {
      boolean ended = false;
      while (!ended && nextLine()) {
        ended = heredoc.isEndedBy(file, from, to);
      }
      if (!ended) {
        throw new ParseException(
            begin, "the heredoc is not ended by a line " + shown(heredoc.terminator()));
      }
    }
  }

  /** Adds the current line from an index on; whether it goes on in the next. */
  private boolean append(LogicalLine line, int start) {
    int end = to;
    while (end > start && (file.charAt(end - 1) == ' ' || file.charAt(end - 1) == '\t')) {
      end--;
    }
    char escape = directives.escape();
    boolean goesOn =
        end > start
            && file.charAt(end - 1) == escape
            && (end - 1 == start || file.charAt(end - 2) != escape);
    line.append(file, start, goesOn ? end - 1 : to);
    return goesOn;
  }

  /** The first byte of the current line that is not white space; its end where there is none. */
  private int firstInk() {
    return Math.min(Whitespace.skip(file, from), to);
  }

  private static String shown(String word) {
    String plain = word.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 40 ? plain.substring(0, 40) + "..." : plain;
  }
}
