package io.tarkiln.dockerignore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code .dockerignore} file: patterns in an order that matters, since the last one that matches
 * a path decides.
 */
public final class IgnoreFile {
  /** Ignores nothing. */
  public static final IgnoreFile NONE = new IgnoreFile(List.of());

  private static final int MAX_PATTERNS = 10_000;

  /** Bytes of the longest line that Go's bufio.Scanner reads, and so BuildKit. */
  private static final int MAX_LINE = (64 << 10) - 1;

  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  private final List<IgnorePattern> patterns;
  private final List<IgnorePattern> exceptions;
  private final boolean arePlain;

  private IgnoreFile(List<IgnorePattern> patterns) {
    this.patterns = List.copyOf(patterns);
    this.exceptions = patterns.stream().filter(IgnorePattern::isException).toList();
    this.arePlain = exceptions.stream().allMatch(IgnorePattern::isPlain);
  }

  /** Whether nothing is ignored. */
  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** How many patterns there are. */
  public int size() {
    return patterns.size();
  }

  List<IgnorePattern> patterns() {
    return patterns;
  }

  /**
   * Reads the content of a file.
   *
   * @throws BadPatternException when Docker would not build with it either
   */
  public static IgnoreFile parse(byte[] content) throws BadPatternException {
    List<IgnorePattern> patterns = new ArrayList<>();
    String[] lines =
        new String(content, ISO_8859_1).replaceFirst("^" + BYTE_ORDER_MARK, "").split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].length() > MAX_LINE) {
        throw new BadPatternException(i + 1, lines[i], "is longer than 65535 bytes");
      }
      if (!lines[i].startsWith("#")) {
        pattern(i + 1, lines[i]).ifPresent(patterns::add);
      }
      if (patterns.size() > MAX_PATTERNS) {
        throw new BadPatternException(i + 1, lines[i], "is one of more than 10000 patterns");
      }
    }
    return new IgnoreFile(patterns);
  }

  /** A line is cleaned twice: by who reads the file, and by who matches. */
  private static Optional<IgnorePattern> pattern(int line, String whole)
      throws BadPatternException {
    String text = RawText.trimmed(whole);
    boolean isException = text.startsWith("!");
    String path = isException ? RawText.trimmed(text.substring(1)) : text;
    if (!path.isEmpty()) {
      path = RawText.cleaned(path).replaceFirst("^/(?s)(?=.)", "");
    }
    String trimmed = RawText.trimmed((isException ? "!" : "") + path);
    if (trimmed.isEmpty()) {
      return Optional.empty();
    }
    String clean = RawText.cleaned(trimmed);
    if (clean.equals("!")) {
      throw new BadPatternException(line, whole, "takes back nothing: name what is not ignored");
    }
    isException = clean.startsWith("!");
    String pattern = isException ? clean.substring(1) : clean;
    if (!GlobSyntax.isGood(pattern)) {
      throw new BadPatternException(
          line, whole, "is no pattern: close each '[', and escape what '\\' stands before");
    }
    return Optional.of(IgnorePattern.of(line, pattern, isException));
  }

  /** Where a walk through the context begins. */
  public IgnoreDecision root() {
    return new IgnoreDecision(this, "", new boolean[0], false);
  }

  /**
   * Whether a file is ignored, or a folder itself.
   *
   * @param path from the root of the context, without {@code .} or empty parts
   * @throws BadPatternException when a pattern turns out to be none as it is used
   */
  public boolean ignores(String path) throws BadPatternException {
    IgnoreDecision at = root();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      at = at.below(path.substring(0, slash));
      if (at.isIgnoredWhole()) {
        return true;
      }
    }
    return at.below(path).isIgnored();
  }

  /** Whether a file may be kept in a folder that is ignored. */
  boolean mayKeepBelow(String folder) {
    return !arePlain || exceptions.stream().anyMatch(each -> each.mayMatchBelow(folder));
  }
}
