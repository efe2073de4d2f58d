package io.tarkiln.dockerfile.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A path with wildcards, part by part as Go's {@code filepath.Match} reads it.
 *
 * <p>No regular expression is made of it: what is no pattern to Go need not be an error in ours,
 * nor the other way round, and a match takes time in the product of the lengths, whatever the
 * pattern.
 */
public final class PathPattern {
  private static final IntPredicate ANY = c -> true;

  /** Stands for any number of characters; compared by identity. */
  private static final IntPredicate STAR = c -> true;

  private final List<List<IntPredicate>> parts;

  private PathPattern(List<List<IntPredicate>> parts) {
    this.parts = parts;
  }

  public static boolean isOne(String path) {
    return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /** A pattern that matches the path alone, whatever characters it has. */
  public static String quoted(String path) {
    return isOne(path) ? path.replaceAll("([*?\\[])", "[$1]") : path;
  }

  /** Reads a clean path; empty where Go calls it a bad pattern. */
  public static Optional<PathPattern> of(String path) {
    List<List<IntPredicate>> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      Optional<List<IntPredicate>> read = new Reader(part).read();
      if (read.isEmpty()) {
        return Optional.empty();
      }
      parts.add(read.get());
    }
    return Optional.of(new PathPattern(parts));
  }

  /** The begin of a path that has as many parts as the pattern. */
  public Optional<String> prefixOf(String path) {
    int end = -1;
    for (int i = 0; i < parts.size(); i++) {
      if (end == path.length()) {
        return Optional.empty();
      }
      end = path.indexOf('/', end + 1);
      end = end < 0 ? path.length() : end;
    }
    return Optional.of(path.substring(0, end));
  }

  public boolean matches(String path) {
    String[] names = path.split("/");
    if (names.length != parts.size()) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!matches(parts.get(i), names[i].codePoints().toArray())) {
        return false;
      }
    }
    return true;
  }

  /** Goes back to the last star only: an earlier one could take nothing that this one cannot. */
  private static boolean matches(List<IntPredicate> part, int[] name) {
    int at = 0;
    int star = -1;
    int resume = 0;
    for (int i = 0; i < name.length || at < part.size(); ) {
      if (at < part.size() && part.get(at) == STAR) {
        star = at++;
        resume = i;
      } else if (at < part.size() && i < name.length && part.get(at).test(name[i])) {
        at++;
        i++;
      } else if (star >= 0 && resume < name.length) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    return true;
  }

  /** Reads one part of a pattern. */
  private static final class Reader {
    private final int[] text;
    private int at;

    Reader(String part) {
      this.text = part.codePoints().toArray();
    }

    Optional<List<IntPredicate>> read() {
      List<IntPredicate> tokens = new ArrayList<>();
      while (at < text.length) {
        int c = text[at++];
        if (c == '[') {
          Optional<IntPredicate> set = set();
          if (set.isEmpty()) {
            return Optional.empty();
          }
          tokens.add(set.get());
        } else if (c == '\\' && at == text.length) {
          return Optional.empty();
        } else if (c == '*') {
          tokens.add(STAR);
        } else if (c == '?') {
          tokens.add(ANY);
        } else {
          int same = c == '\\' ? text[at++] : c;
          tokens.add(d -> d == same);
        }
      }
      return Optional.of(tokens);
    }

    /** Characters and ranges up to the bracket that ends them, of which there is one at least. */
    private Optional<IntPredicate> set() {
      boolean negated = isNext('^');
      if (negated) {
        at++;
      }
      IntPredicate set = c -> false;
      for (boolean first = true; first || !isNext(']'); first = false) {
        Optional<Integer> low = member();
        boolean range = isNext('-');
        if (range) {
          at++;
        }
        Optional<Integer> high = range ? member() : low;
        if (low.isEmpty() || high.isEmpty()) {
          return Optional.empty();
        }
        int from = low.get();
        int to = high.get();
        set = set.or(c -> from <= c && c <= to);
      }
      at++;
      return Optional.of(negated ? set.negate() : set);
    }

    private Optional<Integer> member() {
      if (at == text.length || text[at] == '-' || text[at] == ']') {
        return Optional.empty();
      }
      if (text[at] == '\\' && ++at == text.length) {
        return Optional.empty();
      }
      return Optional.of(text[at++]);
    }

    private boolean isNext(char c) {
      return at < text.length && text[at] == c;
    }
  }
}
