package io.tarkiln.samples.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The cases of {@code specification.txt}, which says itself how to read it. */
public final class Specification {
  private static final String FILE =
      "dockerfile-rewriter/dockerfile/src/test/resources/io/tarkiln/dockerfile/specification.txt";

  private static final Map<String, String> PROXIES =
      Map.of(
          "docker.io", "p.example/hub",
          "gcr.io", "p.example/gcr",
          "ghcr.io/acme", "p.example/acme",
          "reg.example:5000", "p.example/reg");
  private static final Pattern BYTE = Pattern.compile("⟦([0-9A-F]*)⟧");

  private Specification() {}

  /**
   * One case.
   *
   * @param title what it shows
   * @param rule where that comes from
   * @param report a line each: line, instruction, why and detail
   * @param error the line that is to blame where the file is refused
   */
  public record Case(
      String title,
      String rule,
      Map<String, String> proxies,
      Map<String, String> buildArgs,
      byte[] before,
      byte[] after,
      List<String> report,
      OptionalInt error) {
    @Override
    public String toString() {
      return title;
    }
  }

  /** All of them, in the order of the file. */
  public static List<Case> cases() {
    try {
      String[] parts = Files.readString(file()).split("(?m)^## ");
      return Arrays.stream(parts).skip(1).map(Specification::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(FILE))) {
      folder = Objects.requireNonNull(folder.getParent(), "no folder above has " + FILE);
    }
    return folder.resolve(FILE);
  }

  private static Case read(String text) {
    List<String> lines = text.lines().toList();
    Function<String, List<String>> all =
        field ->
            lines.stream()
                .filter(line -> line.startsWith(field + ": "))
                .map(line -> line.substring(field.length() + 2))
                .toList();
    List<String> proxies = all.apply("proxies");
    return new Case(
        lines.get(0),
        String.join(" ", all.apply("rule")),
        proxies.isEmpty() ? PROXIES : pairs(proxies),
        pairs(all.apply("args")),
        side(lines, '-'),
        side(lines, '+'),
        all.apply("report"),
        all.apply("error").stream().mapToInt(Integer::parseInt).findFirst());
  }

  private static Map<String, String> pairs(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split(" ")))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  /** The file before or after. */
  private static byte[] side(List<String> lines, char sign) {
    List<String> side = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == sign)) {
        side.add(line.substring(1) + "\n");
      }
    }
    String text = String.join("", side).replace("⟦end⟧\n", "");
    return BYTE.matcher(text)
        .replaceAll(
            one ->
                one.group(1).isEmpty()
                    ? ""
                    : String.valueOf((char) Integer.parseInt(one.group(1), 16)))
        .getBytes(ISO_8859_1);
  }
}
