package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A COPY or ADD, and what is to stand in the place of its words. */
final class Copy {
  private static final Pattern URL = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://.*");

  private final Instruction instruction;
  private final Operands operands;
  private final List<List<String>> sources = new ArrayList<>();
  private String destination = "";

  Copy(Instruction instruction) {
    this.instruction = instruction;
    this.operands = Operands.of(instruction);
    List<Operands.Word> words = operands.words();
    if (words.size() >= 2) {
      destination = words.get(words.size() - 1).text();
      words.subList(0, words.size() - 1).forEach(word -> sources.add(List.of(word.text())));
    }
  }

  static boolean isOne(Instruction instruction) {
    return instruction.keyword().equals("COPY") || instruction.keyword().equals("ADD");
  }

  Instruction instruction() {
    return instruction;
  }

  /** What stands for each source as it was written, one or several words each. */
  List<List<String>> sources() {
    return sources;
  }

  List<String> allSources() {
    return sources.stream().flatMap(List::stream).toList();
  }

  String destination() {
    return destination;
  }

  /** Whether words can be written into the instruction. */
  boolean canHold(List<String> texts) {
    return texts.stream().allMatch(operands::canHold);
  }

  void source(int index, List<String> texts) {
    sources.set(index, texts);
  }

  void destination(String text) {
    destination = text;
  }

  /** The value of a flag such as {@code --chown}; empty where it is not there. */
  Optional<String> flag(String name) {
    return flag(instruction, name).map(token -> token.text().substring(name.length() + 1));
  }

  static Optional<Token> flag(Instruction instruction, String name) {
    return instruction.flags().stream()
        .filter(flag -> flag.text().startsWith(name + "="))
        .reduce((first, last) -> last);
  }

  boolean isFromContext() {
    return flag("--from").isEmpty();
  }

  /** Whether ADD downloads a source, or may do so. */
  boolean isRemote(String source) {
    return instruction.keyword().equals("ADD")
        && (URL.matcher(Dockerfile.literal(source).orElse(source)).matches()
            || source.startsWith("git@")
            || source.startsWith("$"));
  }

  /** Whether the destination can be seen to be a folder. */
  boolean namesFolder() {
    String dest = Dockerfile.literal(destination).orElse(destination);
    return dest.endsWith("/") || dest.equals(".") || dest.equals("..") || dest.endsWith("/.");
  }

  void write(Edits edits) {
    List<Operands.Word> words = operands.words();
    for (int i = 0; i < sources.size(); i++) {
      if (!sources.get(i).equals(List.of(words.get(i).text()))) {
        operands.replace(words.get(i), sources.get(i), edits);
      }
    }
    if (!words.isEmpty() && !sources.isEmpty()) {
      Operands.Word last = words.get(words.size() - 1);
      if (!destination.equals(last.text())) {
        operands.replace(last, List.of(destination), edits);
      }
    }
  }

  /** A path as a word: what quotes and variables would be is escaped. */
  static String word(String path) {
    return path.replaceAll("([\\\\$\"'])", "\\\\$1");
  }
}
