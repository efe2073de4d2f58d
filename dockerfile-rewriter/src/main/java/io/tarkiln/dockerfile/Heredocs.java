package io.tarkiln.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the heredocs that an instruction begins. */
final class Heredocs {
  private static final Set<String> MAY_HAVE = Set.of("RUN", "COPY", "ADD");
  private static final Pattern BEGIN = Pattern.compile("\\d*<<(-?)([^<]+)");

  private Heredocs() {}

  /**
   * One heredoc.
   *
   * @param terminator the line that ends it
   * @param chomp whether that line may be indented with tabs
   */
  record Heredoc(String terminator, boolean chomp) {
    boolean isEndedBy(String line) {
      return (chomp ? line.replaceFirst("^\t+", "") : line).equals(terminator);
    }
  }

  static List<Heredoc> of(Instruction instruction) {
    List<Heredoc> heredocs = new ArrayList<>();
    if (!MAY_HAVE.contains(instruction.keyword()) || instruction.rest().startsWith("[")) {
      return heredocs;
    }
    for (Token word : instruction.words()) {
      Matcher begin = BEGIN.matcher(word.text());
      if (begin.matches()) {
        String terminator = begin.group(2).replaceAll("[\"'\\\\]", "");
        if (!terminator.isEmpty()) {
          heredocs.add(new Heredoc(terminator, !begin.group(1).isEmpty()));
        }
      }
    }
    return heredocs;
  }
}
