package io.tarkiln.e2e.agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes .dockerignore files as people do and as nobody should, and contexts in which their
 * patterns find something. Texts have a character per byte.
 */
final class IgnoreFileGenerator {
  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "c",
          "ab",
          "abc",
          "node_modules",
          "src",
          "x.md",
          "y.md",
          ".git",
          ".env",
          "a.b",
          "axb",
          "d",
          "1",
          "A",
          "a b",
          " a",
          "-",
          "!a",
          "#a",
          "a\n",
          "caf\u00e9",
          "\u00c3\u00a9",
          "caf\u00c3\u00a9",
          "\u00f0\u009f\u0098\u0080",
          "\u00ef\u00bb\u00bfa",
          "*",
          "a*",
          "[a]",
          "a\\",
          "{a}",
          "(a)",
          "a|b",
          "^a",
          "a$",
          "+",
          "Makefile",
          "...",
          "..a");
  private static final List<String> WILD =
      List.of(
          "*",
          "*",
          "*",
          "**",
          "**",
          "?",
          "*.md",
          "*.*",
          ".*",
          "a*",
          "*b",
          "*a*",
          "a?",
          "??",
          "***",
          "**.md",
          "a**",
          "**a",
          "a**b",
          "[ab]",
          "[a-c]",
          "[^a]",
          "[^a-c]*",
          "[!a]",
          "[a-]b",
          "[\\]]",
          "[\\-a]",
          "[a*]",
          "[?]",
          "[.]",
          "\\a",
          "\\*",
          "\\?",
          "\\[a\\]",
          "\\#a",
          "\\!a",
          "\\d",
          "\\w",
          "\\W*",
          "\\pL",
          "\\PL",
          "\\s",
          "\\Qa",
          "\\Qa*\\E",
          "a\\E",
          "\\x41",
          "\\b*",
          "a\\b",
          "\\A*",
          "\\z",
          "\\C",
          "\\1",
          "\\8",
          "\\t",
          "\\n",
          "\\.",
          "\\/",
          "^*",
          "*$",
          "a|*",
          "(*",
          "*)",
          "a+*",
          "{*",
          "*{2}",
          "caf?",
          "caf*",
          "caf\u00e9*",
          "?\u00a9",
          "\u00c3\u00a9*",
          "[\u00c3\u00a9]",
          "[\u00e9]",
          "\u00ef\u00bb\u00bfa*",
          "[[:alpha:]]",
          "[[a]*",
          "]*",
          "a]*",
          "[z-a]",
          "[a-\\d]");
  private static final List<String> BAD =
      List.of("[", "[]", "[]a]", "[^]", "[a", "[a-]", "a\\", "!");
  private static final List<String> SPACES =
      List.of(
          " ",
          "\t",
          "\r",
          "\u00c2\u00a0",
          "\u00c2\u0085",
          "\u00e2\u0080\u0083",
          "\u00e3\u0080\u0080");

  private final Random random;

  IgnoreFileGenerator(long seed) {
    random = new Random(seed);
  }

  /** The next file. */
  String file() {
    StringBuilder file = new StringBuilder(random.nextInt(12) == 0 ? "\u00ef\u00bb\u00bf" : "");
    for (int lines = 1 + random.nextInt(7); lines > 0; lines--) {
      file.append(line()).append(random.nextInt(8) == 0 ? "\r\n" : "\n");
    }
    return random.nextInt(4) == 0 ? file.substring(0, file.length() - 1) : file.toString();
  }

  private String line() {
    int form = random.nextInt(60);
    if (form < 3) {
      return List.of("", "# comment", "  ").get(form);
    }
    String pattern = form == 3 && random.nextInt(4) == 0 ? one(BAD) : pattern();
    String mark = random.nextInt(3) == 0 ? "!" : "";
    String between = random.nextInt(15) == 0 ? one(SPACES) : "";
    String line = mark + between + pattern;
    return (random.nextInt(15) == 0 ? one(SPACES) : "")
        + line
        + (random.nextInt(15) == 0 ? one(SPACES) : "");
  }

  private String pattern() {
    List<String> parts = new ArrayList<>();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      parts.add(
          switch (random.nextInt(20)) {
            case 0 -> one(List.of(".", "..", ""));
            case 1, 2, 3, 4, 5, 6, 7 -> one(WILD);
            case 8 -> one(WILD) + one(NAMES);
            default -> one(NAMES);
          });
    }
    String start = random.nextInt(10) == 0 ? one(List.of("/", "./", "//", "../", "**/")) : "";
    String end = random.nextInt(10) == 0 ? one(List.of("/", "/.", "/**", "/*", "/..")) : "";
    return (start + String.join("/", parts) + end).replace("\n", "");
  }

  /** Files of a context. */
  List<String> paths() {
    Set<String> files = new TreeSet<>();
    Set<String> folders = new TreeSet<>();
    for (int count = 25; count > 0; count--) {
      StringBuilder path = new StringBuilder(one(NAMES));
      List<String> above = new ArrayList<>();
      for (int depth = random.nextInt(4); depth > 0; depth--) {
        above.add(path.toString());
        path.append('/').append(one(NAMES));
      }
      if (above.stream().noneMatch(files::contains) && !folders.contains(path.toString())) {
        files.add(path.toString());
        folders.addAll(above);
      }
    }
    return List.copyOf(files);
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
