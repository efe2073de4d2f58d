package io.tarkiln.samples.dockerfile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of about the largest size, by what they are made to exhaust. */
public final class HostileDockerfiles {
  /** The largest file that the rewriter reads. */
  private static final int MAX_SIZE = 1 << 20;

  private static final int ROOM = MAX_SIZE - 200;

  private HostileDockerfiles() {}

  /** Those that are Dockerfiles all the same. */
  public static Map<String, String> read() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("continuation lines", "FROM \\\n" + "\\\n".repeat(ROOM / 2) + "alpine\n");
    files.put("comments that go on", "FROM \\\n" + "#\n".repeat(ROOM / 2) + "alpine\n");
    files.put("a name in single bytes", "FROM scratch\nRUN " + "a\\\n".repeat(ROOM / 3) + "\n");
    files.put("heredocs that end at once", "FROM a\n" + "RUN <<a\na\n".repeat(ROOM / 10));
    files.put(
        "heredocs in one line",
        "FROM a\nRUN " + "<<a ".repeat(16_000) + "\n" + "a\n".repeat(16_000) + "\n");
    files.put("base images", "FROM a\n".repeat(ROOM / 7));
    files.put("copies", "FROM a\n" + "COPY --from=a / /\n".repeat(ROOM / 18));
    files.put("mounts", "FROM a\nRUN " + "--mount=from=b ".repeat(4_000) + "x\n");
    files.put(
        "stages",
        IntStream.range(0, ROOM / 25)
            .mapToObj(i -> "FROM a AS s" + i + "\n")
            .collect(Collectors.joining()));
    files.put("defaults that double", doubled("$A%d$A%d", 200) + "FROM alpine:$A199\n");
    files.put(
        "defaults in braces that double", doubled("${x:-$A%d}${y:-$A%d}", 200) + "FROM $A199\n");
    files.put("defaults that double for Kaniko only", doubled("'$A%d$A%d'", 200) + "FROM alpine\n");
    files.put("replacements that grow", "ARG A=" + "a".repeat(60_000) + "\nFROM ${A//a/$A}\n");
    files.put(
        "a pattern of stars",
        "ARG A=" + "a".repeat(30_000) + "\nFROM ${A##" + "*a".repeat(15_000) + "b}\n");
    files.put(
        "many patterns",
        "ARG A=" + "a".repeat(4_000) + "\nFROM " + "${A##*b}".repeat(8_000) + "\n");
    files.put("nested variables", "FROM " + "${A:-".repeat(8_000) + "x" + "}".repeat(8_000) + "\n");
    files.put("many variables", "ARG A=1\n" + "ARG A=$A$B\n".repeat(ROOM / 12) + "FROM a\n");
    files.put(
        "many names of variables",
        IntStream.range(0, ROOM / 20)
                .mapToObj(i -> "ARG a" + i + "=$b" + i + "\n")
                .collect(Collectors.joining())
            + "FROM a\n");
    files.put(
        "large values used again and again",
        "ARG A=" + "a".repeat(4_000) + "\n" + "FROM $A\n".repeat(ROOM / 9));
    files.put(
        "patterns again and again",
        "ARG A=" + "a".repeat(4_000) + "\n" + "FROM ${A//*b/}\n".repeat(ROOM / 16));
    files.put(
        "words of a large value",
        "ARG A=" + "a".repeat(60_000) + "\nFROM " + "$A".repeat(30_000) + "\n");
    files.put("quotes", "FROM a\nENV a=" + "\"'".repeat(30_000) + "\n");
    files.put("a deep JSON array that is none", "FROM a\nRUN " + "[".repeat(60_000) + "\n");
    files.put("white space", "FROM a\nRUN " + " ".repeat(60_000) + "x\n");
    files.put("white space in a directive", "# escape" + " ".repeat(60_000) + "x\nFROM a\n");
    files.put("white space of three bytes", "FROM a" + "\u00e3\u0080\u0080".repeat(20_000) + "\n");
    files.put("NUL", "FROM a\nRUN " + "\0".repeat(60_000) + "\n");
    files.put("bytes that are no UTF-8", "FROM a\nRUN <<E " + "\u00ff".repeat(60_000) + "\nE\n");
    files.put("a name of Docker's grammar", "FROM " + "a-".repeat(30_000) + "\n");
    files.put("a tag", "FROM a:" + "a".repeat(60_000) + "\n");
    return files;
  }

  /** Those that are none. */
  public static Map<String, String> refused() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("too large", "FROM a\n" + "#\n".repeat(MAX_SIZE / 2));
    files.put("too long a line", "FROM a\n# " + "x".repeat(70_000) + "\n");
    files.put("a heredoc without an end", "FROM a\nRUN <<EOF\n" + "x\n".repeat(ROOM / 2));
    files.put(
        "heredocs without an end",
        "FROM a\nRUN " + "<<a ".repeat(16_000) + "\n" + "x\n".repeat(400_000));
    files.put("a heredoc's name", "FROM a\nRUN <<" + "a".repeat(60_000) + "\n");
    files.put(
        "nested variables before a heredoc",
        "FROM a\nRUN " + "${a:-".repeat(8_000) + "}".repeat(8_000) + " <<E\nE\n");
    files.put("an instruction", "x".repeat(60_000) + "\n");
    files.put("NUL", "\0".repeat(60_000));
    files.put("a deep JSON array", "FROM a\nRUN " + "[".repeat(9_000) + "]".repeat(9_000) + "\n");
    return files;
  }

  /** Each default uses the one before twice. */
  private static String doubled(String pattern, int times) {
    return "ARG A0=xxxxxxxxxx\n"
        + IntStream.range(1, times)
            .mapToObj(i -> "ARG A" + i + "=" + pattern.formatted(i - 1, i - 1) + "\n")
            .collect(Collectors.joining());
  }
}
