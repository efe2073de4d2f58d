package io.tarkiln.e2e.conformance.cases;

import io.tarkiln.e2e.conformance.cases.CaseFile.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line before a file of a case: a path, in quotes where it has spaces, and what the lines below
 * it are.
 *
 * @param path its bytes, one character each
 */
record FileTitle(String path, Map<String, String> marks) {
  private static final Pattern TITLE = Pattern.compile("(\"[^\"]*\"|\\S+)((?: +\\S+)*)\\s*");
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");
  private static final List<String> KNOWN =
      List.of("executable", "link", "hex", "tar", "gz", "size", "no-newline", "deleted", "from");

  FileTitle {
    marks = Map.copyOf(marks);
    for (String mark : marks.keySet()) {
      if (!KNOWN.contains(mark)) {
        throw new IllegalArgumentException(
            "no mark '%s' for a file: there are %s".formatted(mark, String.join(", ", KNOWN)));
      }
    }
  }

  static FileTitle of(String title) {
    Matcher parts = TITLE.matcher(title);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'%s' names no file".formatted(title));
    }
    Map<String, String> marks = new TreeMap<>();
    for (String mark : parts.group(2).strip().split(" +")) {
      if (!mark.isEmpty()) {
        String[] both = mark.split("=", 2);
        marks.put(both[0], both.length == 2 ? both[1] : "");
      }
    }
    return new FileTitle(bytes(parts.group(1).replace("\"", "")), marks);
  }

  /** Text as UTF-8, one character per byte, with each {@code \xNN} as the byte that it is. */
  static String bytes(String text) {
    String utf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return BYTE.matcher(utf8)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) HexFormat.fromHexDigits(found.group(1)))));
  }

  CaseFile file(List<String> lines) {
    Kind kind =
        marks.containsKey("link")
            ? Kind.LINK
            : marks.containsKey("executable") ? Kind.EXECUTABLE : Kind.FILE;
    return new CaseFile(
        path,
        kind,
        content(lines),
        marks.containsKey("deleted"),
        Optional.ofNullable(marks.get("from")).map(FileTitle::bytes));
  }

  private byte[] content(List<String> lines) {
    if (marks.containsKey("link")) {
      return bytes(marks.get("link")).getBytes(StandardCharsets.ISO_8859_1);
    }
    if (marks.containsKey("hex")) {
      return HexFormat.of().parseHex(String.join("", lines).replaceAll("\\s", ""));
    }
    if (marks.containsKey("tar")) {
      return TarText.archive(path, lines);
    }
    String text = String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
    if (marks.containsKey("no-newline")) {
      text = text.stripTrailing();
    }
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    if (marks.containsKey("size")) {
      return repeated(content, Integer.parseInt(marks.get("size")));
    }
    return marks.containsKey("gz") ? TarText.compressed(".gz", content) : content;
  }

  private static byte[] repeated(byte[] pattern, int size) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(size + pattern.length);
    while (all.size() < size) {
      all.writeBytes(pattern);
    }
    return Arrays.copyOf(all.toByteArray(), size);
  }
}
