package io.tarkiln.e2e.document;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page in Markdown, as much of it as our pages use.
 *
 * @param path from the root of the repository
 */
public record MarkdownPage(Path path, String text) {
  private static final Pattern FENCED =
      Pattern.compile("(?ms)^([ \\t]*)```(\\w*)\\n(.*?)^[ \\t]*```[ \\t]*$");
  private static final Pattern SPAN = Pattern.compile("(?s)`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("(?s)\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  /**
   * A fenced block.
   *
   * @param language as written behind the fence, or empty
   */
  public record Block(String language, String text) {}

  public List<Block> blocks() {
    return FENCED
        .matcher(text)
        .results()
        .map(
            found ->
                new Block(found.group(2), found.group(3).replaceAll("(?m)^" + found.group(1), "")))
        .toList();
  }

  /** What stands in backticks, on one line. */
  public List<String> spans() {
    return SPAN.matcher(prose())
        .results()
        .map(found -> found.group(1).replaceAll("\\s+", " ").strip())
        .toList();
  }

  /** Where links lead to, as written. */
  public List<String> links() {
    return LINK.matcher(prose()).results().map(found -> found.group(1)).toList();
  }

  /** Where a link on this page leads to, from the root; empty for the page itself. */
  public Path target(String link) {
    String file = link.replaceFirst("#.*", "");
    return file.isEmpty() ? path : path.resolveSibling(file).normalize();
  }

  /** The anchors of its headings, as GitHub makes them. */
  public Set<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new LinkedHashSet<>();
    HEADING
        .matcher(prose())
        .results()
        .forEach(
            heading -> {
              String anchor = anchor(heading);
              int times = seen.merge(anchor, 1, Integer::sum) - 1;
              anchors.add(times == 0 ? anchor : anchor + "-" + times);
            });
    return anchors;
  }

  private static String anchor(MatchResult heading) {
    return LINK.matcher(heading.group(1))
        .replaceAll("")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
        .replace(' ', '-');
  }

  /** The page without its fenced blocks. */
  private String prose() {
    return FENCED.matcher(text).replaceAll("");
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
