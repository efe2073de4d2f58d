package io.tarkiln.dockerfile.edit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The words of an instruction that knows a JSON form or splits at white space, such as COPY, with
 * what is to stand in their place.
 */
public final class Operands {
  /**
   * One word.
   *
   * @param text before variables and quotes count
   * @param from index in the instruction's rest
   * @param to after its last character there
   */
  public record Word(String text, int from, int to) {}

  private final Instruction instruction;
  private final boolean json;
  private final List<Word> words = new ArrayList<>();

  private Operands(Instruction instruction) {
    this.instruction = instruction;
    this.json = Dockerfile.isJson(instruction.rest());
  }

  public static Operands of(Instruction instruction) {
    Operands operands = new Operands(instruction);
    if (operands.json) {
      operands.strings(instruction.rest());
    } else {
      operands.split(instruction.rest());
    }
    return operands;
  }

  public List<Word> words() {
    return words;
  }

  private void split(String rest) {
    for (int at = 0; at < rest.length(); at++) {
      int start = at;
      while (at < rest.length() && !isSpace(rest.charAt(at))) {
        at++;
      }
      if (at > start) {
        words.add(new Word(rest.substring(start, at), start, at));
      }
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private void strings(String rest) {
    StringBuilder text = new StringBuilder();
    for (int start = rest.indexOf('"'); start >= 0; ) {
      text.setLength(0);
      int at = start + 1;
      while (rest.charAt(at) != '"') {
        at = character(rest, at, text);
      }
      words.add(new Word(text.toString(), start, at + 1));
      start = rest.indexOf('"', at + 1);
    }
  }

  private static int character(String rest, int at, StringBuilder text) {
    if (rest.charAt(at) != '\\') {
      text.append(rest.charAt(at));
      return at + 1;
    }
    char c = rest.charAt(at + 1);
    if (c == 'u') {
      char point = (char) Integer.parseInt(rest.substring(at + 2, at + 6), 16);
      text.append(new String(String.valueOf(point).getBytes(UTF_8), ISO_8859_1));
      return at + 6;
    }
    int plain = "bfnrt".indexOf(c);
    text.append(plain < 0 ? c : "\b\f\n\r\t".charAt(plain));
    return at + 2;
  }

  /** Whether a word can be written here. */
  public boolean canHold(String text) {
    return json
        ? text.chars().allMatch(c -> c >= ' ')
        : !text.isEmpty() && text.chars().noneMatch(c -> isSpace((char) c) || c < ' ');
  }

  /** Puts words in the place of one. */
  public void replace(Word word, List<String> texts, Edits edits) {
    int start = instruction.place().ofRest(word.from());
    int end = instruction.place().ofRest(word.to() - 1) + 1;
    List<String> written = texts.stream().map(this::written).toList();
    edits.replace(start, end, String.join(json ? ", " : " ", written));
  }

  private String written(String text) {
    return json ? quoted(text) : text;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Words as an instruction's rest; a JSON array where one has white space. */
  static String written(List<String> words) {
    return words.stream().anyMatch(word -> word.chars().anyMatch(c -> isSpace((char) c)))
        ? "[" + words.stream().map(Operands::quoted).collect(Collectors.joining(", ")) + "]"
        : String.join(" ", words);
  }
}
