package io.tarkiln.dockerfile.edit;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A COPY or ADD, and what is to stand in the place of its words. */
public final class CopyInstruction {
  private static final Pattern URL = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://.*");

  private final Instruction instruction;
  private final Operands operands;
  private final List<List<String>> sources = new ArrayList<>();
  private String destination = "";

  public CopyInstruction(Instruction instruction) {
    this.instruction = instruction;
    this.operands = Operands.of(instruction);
    List<Operands.Word> words = operands.words();
    if (words.size() >= 2) {
      destination = words.get(words.size() - 1).text();
      words.subList(0, words.size() - 1).forEach(word -> sources.add(List.of(word.text())));
    }
  }

  private CopyInstruction(CopyInstruction whole, List<String> sources, String destination) {
    this.instruction = whole.instruction;
    this.operands = whole.operands;
    sources.forEach(source -> this.sources.add(List.of(source)));
    this.destination = destination;
  }

  /** The same with other words: one of several that are to stand in its place. */
  public CopyInstruction part(List<String> sources, String destination) {
    return new CopyInstruction(this, sources, destination);
  }

  public static boolean isOne(Instruction instruction) {
    return instruction.keyword().equals("COPY") || instruction.keyword().equals("ADD");
  }

  public Instruction instruction() {
    return instruction;
  }

  /** What stands for each source as it was written, one or several words each. */
  public List<List<String>> sources() {
    return sources;
  }

  public List<String> allSources() {
    return sources.stream().flatMap(List::stream).toList();
  }

  public String destination() {
    return destination;
  }

  /** Whether words can be written into the instruction. */
  public boolean canHold(List<String> texts) {
    return texts.stream().allMatch(operands::canHold);
  }

  public void source(int index, List<String> texts) {
    sources.set(index, texts);
  }

  public void destination(String text) {
    destination = text;
  }

  /** The value of a flag such as {@code --chown}; empty where it is not there. */
  public Optional<String> flag(String name) {
    return flag(instruction, name).map(token -> token.text().substring(name.length() + 1));
  }

  public static Optional<Token> flag(Instruction instruction, String name) {
    return instruction.flags().stream()
        .filter(flag -> flag.text().startsWith(name + "="))
        .reduce((first, last) -> last);
  }

  public boolean isFromContext() {
    return flag("--from").isEmpty();
  }

  /** Whether ADD downloads a source, or may do so. */
  public boolean isRemote(String source) {
    return instruction.keyword().equals("ADD")
        && (URL.matcher(Dockerfile.literal(source).orElse(source)).matches()
            || source.startsWith("git@")
            || source.startsWith("$"));
  }

  /** Whether the destination can be seen to be a folder. */
  public boolean namesFolder() {
    String dest = Dockerfile.literal(destination).orElse(destination);
    return dest.endsWith("/") || dest.equals(".") || dest.equals("..") || dest.endsWith("/.");
  }

  public void write(Edits edits) {
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

  /**
   * It as a line of its own, in the JSON form where a word has white space.
   *
   * @param chown what stands for that flag
   */
  public String line(Optional<String> chown) {
    StringBuilder line = new StringBuilder("COPY ");
    for (Token flag : instruction.flags()) {
      boolean isOther = chown.isPresent() && flag.text().startsWith("--chown=");
      line.append(isOther ? "--chown=" + chown.get() : flag.text()).append(' ');
    }
    List<String> words = new ArrayList<>(allSources());
    words.add(destination);
    return line.append(Operands.written(words)).toString();
  }

  /** A path as a word: what quotes and variables would be is escaped. */
  public static String word(String path) {
    return path.replaceAll("([\\\\$\"'])", "\\\\$1");
  }
}
