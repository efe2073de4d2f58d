package io.tarkiln.dockerignore;

import java.util.List;

/**
 * What a {@code .dockerignore} file says of one path, found on the way down from the context's
 * root: a pattern that matches a folder matches all that is in it.
 */
public final class IgnoreDecision {
  private final IgnoreFile file;
  private final String path;
  private final boolean[] matched;
  private final boolean isIgnored;

  IgnoreDecision(IgnoreFile file, String path, boolean[] matched, boolean isIgnored) {
    this.file = file;
    this.path = path;
    this.matched = matched;
    this.isIgnored = isIgnored;
  }

  /** Whether the path itself is ignored. Of a folder, something may be kept all the same. */
  public boolean isIgnored() {
    return isIgnored;
  }

  /** Whether a folder is ignored with all that is in it, so that nobody has to look there. */
  public boolean isIgnoredWhole() {
    return isIgnored && !file.mayKeepBelow(path);
  }

  /**
   * The decision on what is in this folder.
   *
   * @param child path of it, from the root of the context
   * @throws BadPatternException when a pattern turns out to be none as it is used
   */
  public IgnoreDecision below(String child) throws BadPatternException {
    List<IgnorePattern> patterns = file.patterns();
    boolean[] matches = new boolean[patterns.size()];
    boolean ignored = false;
    for (int i = 0; i < matches.length; i++) {
      IgnorePattern pattern = patterns.get(i);
      // A pattern is not asked where it would change nothing; fsutil's walk does the same, and
      // what is in a folder depends on which patterns were asked of the folder.
      matches[i] =
          matched.length > 0 && matched[i]
              || pattern.isException() == ignored && pattern.matches(child);
      ignored = matches[i] ? !pattern.isException() : ignored;
    }
    return new IgnoreDecision(file, child, matches, ignored);
  }
}
