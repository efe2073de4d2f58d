package io.tarkiln.dockerfile.syntax;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the heredocs that an instruction begins. */
final class Heredocs {
  private static final Set<String> MAY_HAVE = Set.of("RUN", "COPY", "ADD");

  /** A whole word; BuildKit's lexer keeps white space after {@code <<} in it. */
  private static final Pattern BEGIN = Pattern.compile("[0-9]*+<<(-?)([^<]+)");

  private Heredocs() {}

  /**
   * One heredoc.
   *
   * @param terminator the line that ends it
   * @param chomp whether that line may be indented with tabs
   */
  record Heredoc(String terminator, boolean chomp) {
    boolean isEndedBy(String file, int from, int to) {
      int start = from;
      while (chomp && start < to && file.charAt(start) == '\t') {
        start++;
      }
      return to - start == terminator.length() && file.startsWith(terminator, start);
    }
  }

  /**
   * The heredocs of an instruction.
   *
   * @param line all of it, ONBUILD as well where it is a trigger
   */
  static List<Heredoc> of(Instruction instruction, String line) throws ParseException {
    if (!line.contains("<<")
        || !MAY_HAVE.contains(instruction.keyword())
        || JsonForm.isOneOfStrings(instruction.rest())) {
      return List.of();
    }
    int number = instruction.line();
    List<Heredoc> heredocs = new ArrayList<>();
    String decoded = new String(line.getBytes(ISO_8859_1), UTF_8);
    for (String word : ShellWords.of(decoded, true, number).orElse(List.of())) {
      Matcher begin = BEGIN.matcher(word);
      if (begin.matches()) {
        List<String> name =
            ShellWords.of(begin.group(2), false, number)
                .orElseThrow(() -> new ParseException(number, "the heredoc's name is no word"));
        if (name.size() == 1) {
          String terminator = new String(name.get(0).getBytes(UTF_8), ISO_8859_1);
          heredocs.add(new Heredoc(terminator, !begin.group(1).isEmpty()));
        }
      }
    }
    return heredocs;
  }
}
