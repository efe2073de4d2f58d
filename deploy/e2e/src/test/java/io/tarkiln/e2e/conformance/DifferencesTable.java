package io.tarkiln.e2e.conformance;

import io.tarkiln.embedded.GoTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table in build-submitter's README.md of what Kaniko builds otherwise. */
public final class DifferencesTable {
  private static final String BEGIN =
      "<!-- differences: made by deploy/e2e/conformance --table -->\n";
  private static final String END = "<!-- end of differences -->";
  private static final int EXAMPLES = 4;

  private DifferencesTable() {}

  public static Path page() throws IOException {
    return GoTools.home().resolve("build-submitter/README.md");
  }

  /** The page with the table as it is to be. */
  public static String current(String page, KnownDifferences known) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(
          "build-submitter/README.md has no place for the table of what Kaniko builds otherwise:"
              + " put the lines '%s' and '%s' where it belongs".formatted(BEGIN.strip(), END));
    }
    return page.substring(0, begin + BEGIN.length()) + table(known) + page.substring(end);
  }

  public static void rewrite() throws IOException {
    Files.writeString(page(), current(Files.readString(page()), KnownDifferences.read()));
  }

  private static String table(KnownDifferences known) {
    return known.byReason().entrySet().stream()
        .map(
            each ->
                "| %s | %s | %s |\n"
                    .formatted(
                        each.getKey().replace("|", "\\|"),
                        outcomes(each.getValue()),
                        cases(each.getValue())))
        .collect(
            Collectors.joining("", "| what | what becomes of it | cases |\n|---|---|---|\n", ""));
  }

  private static String outcomes(Map<String, CaseOutcome> cases) {
    return cases.values().stream()
        .distinct()
        .sorted()
        .map(CaseOutcome::words)
        .collect(Collectors.joining("; "));
  }

  private static String cases(Map<String, CaseOutcome> cases) {
    List<String> names = List.copyOf(cases.keySet());
    String some =
        names.stream()
            .limit(EXAMPLES)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    return names.size() <= EXAMPLES
        ? some
        : some + " and %d more".formatted(names.size() - EXAMPLES);
  }
}
