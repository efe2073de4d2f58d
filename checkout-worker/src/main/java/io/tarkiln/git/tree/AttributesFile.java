package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.attributes.AttributesRule;
import org.eclipse.jgit.util.QuotedString;

/**
 * What one {@code .gitattributes} says (gitattributes(5)). Patterns are matched by JGit; the file
 * is read here, as JGit knows no patterns in quotes.
 *
 * @param rules the last of the file first, as it goes before the others
 * @param macros attributes that stand for others, by their names
 */
record AttributesFile(List<AttributesRule> rules, Map<String, List<Attribute>> macros) {
  static final AttributesFile NONE = new AttributesFile(List.of(), Map.of());

  private static final String MACRO = "[attr]";
  private static final String BLANK = " \t\r\f\u000b";

  /** Git passes over longer lines (attr.c). */
  private static final int MAX_LINE = 2048;

  /** Reads a file; nothing in it is an error. */
  static AttributesFile of(byte[] file) {
    String text = new String(file, ISO_8859_1).replaceFirst("^\u00ef\u00bb\u00bf", "");
    List<AttributesRule> rules = new ArrayList<>();
    Map<String, List<Attribute>> macros = new HashMap<>();
    for (String line : text.split("\n")) {
      int start = 0;
      while (start < line.length() && BLANK.indexOf(line.charAt(start)) >= 0) {
        start++;
      }
      if (start < line.length() && line.charAt(start) != '#' && line.length() < MAX_LINE) {
        add(line.substring(start), rules, macros);
      }
    }
    Collections.reverse(rules);
    return new AttributesFile(rules, macros);
  }

  private static void add(
      String line, List<AttributesRule> rules, Map<String, List<Attribute>> macros) {
    int end = line.startsWith("\"") ? quoteEnd(line) : -1;
    String pattern;
    if (end > 0) {
      byte[] quoted = line.substring(0, end).getBytes(ISO_8859_1);
      pattern = CommitTree.raw(QuotedString.GIT_PATH.dequote(quoted, 0, quoted.length));
    } else {
      end = wordEnd(line);
      pattern = line.substring(0, end);
    }
    String attributes = line.substring(end).strip();
    if (pattern.startsWith(MACRO)) {
      String name = pattern.substring(MACRO.length());
      macros.put(name, new AttributesRule("*", attributes).getAttributes());
    } else if (!pattern.startsWith("!")) {
      rules.add(new AttributesRule(pattern, attributes));
    }
  }

  private static int wordEnd(String line) {
    int end = 0;
    while (end < line.length() && BLANK.indexOf(line.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** Behind the closing quote; negative where there is none. */
  private static int quoteEnd(String line) {
    for (int at = 1; at < line.length(); at++) {
      if (line.charAt(at) == '\\') {
        at++;
      } else if (line.charAt(at) == '"') {
        return at + 1;
      }
    }
    return -1;
  }
}
