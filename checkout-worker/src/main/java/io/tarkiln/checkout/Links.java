package io.tarkiln.checkout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Follows symbolic links by their names alone. */
final class Links {
  private Links() {}

  /**
   * Where a link leads, from the repository's root; empty when it leads out of it.
   *
   * @param path of the link itself
   */
  static Optional<String> resolve(String path, String target) {
    if (target.startsWith("/") || target.isEmpty()) {
      return Optional.empty();
    }
    Deque<String> parts = new ArrayDeque<>();
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "" : path.substring(0, slash + 1);
    for (String part : (folder + target).split("/")) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          return Optional.empty();
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return Optional.of(parts.isEmpty() ? "." : String.join("/", parts));
  }
}
