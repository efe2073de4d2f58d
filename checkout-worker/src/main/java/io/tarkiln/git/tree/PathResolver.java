package io.tarkiln.git.tree;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows a path of a request through a commit's tree as a file system would, symbolic links
 * included, and never out of it. Only requests have such paths: links in a context are content.
 */
final class PathResolver {
  /** As many as Linux follows (path_resolution(7)). */
  private static final int MAX_LINKS = 40;

  private final CommitTree tree;
  private final Deque<CommitTree.Found> folders = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private final Deque<String> todo = new ArrayDeque<>();
  private int links;

  /**
   * Where a path leads.
   *
   * @param path raw, without links, as far as it could be followed; empty for the root
   * @param found what is there; empty when nothing is. A submodule that was not fetched may be met
   *     before the path's end
   * @param isOutside whether it leads out of the repository
   */
  record Resolved(String path, Optional<CommitTree.Found> found, boolean isOutside) {
    /** What is there, if it is a file. */
    Optional<CommitTree.Found> file() {
      return found.filter(CommitTree.Found::isFile);
    }
  }

  private PathResolver(CommitTree tree) {
    this.tree = tree;
  }

  /**
   * Follows a path.
   *
   * @param path raw, from the root
   */
  static Resolved resolve(CommitTree tree, String path)
      throws IOException, RejectedException, UnavailableException {
    return new PathResolver(tree).resolve(path);
  }

  private Resolved resolve(String path)
      throws IOException, RejectedException, UnavailableException {
    folders.push(tree.top());
    addFirst(path);
    while (!todo.isEmpty()) {
      CommitTree.Found at = folders.element();
      if (at.isModule()) {
        return new Resolved(rest(), Optional.of(at), false);
      }
      String name = todo.remove();
      if (name.equals("..") && at.isFolder()) {
        if (names.isEmpty()) {
          return new Resolved("", Optional.empty(), true);
        }
        folders.pop();
        names.removeLast();
      } else {
        Optional<CommitTree.Found> next =
            at.isFolder() ? CommitTree.child(at, name) : Optional.empty();
        String target = next.isPresent() && next.get().isLink() ? next.get().target() : "no link";
        if (next.isEmpty() || target.isEmpty() || links > MAX_LINKS) {
          todo.addFirst(name);
          return new Resolved(rest(), Optional.empty(), false);
        }
        if (!next.get().isLink()) {
          folders.push(next.get());
          names.addLast(name);
        } else if (target.startsWith("/")) {
          // As in a build from git by BuildKit, the root is the repository's.
          links++;
          while (folders.size() > 1) {
            folders.pop();
          }
          names.clear();
          addFirst(target);
        } else {
          links++;
          addFirst(target);
        }
      }
    }
    return new Resolved(rest(), Optional.of(folders.element()), false);
  }

  private void addFirst(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("/")));
    Collections.reverse(parts);
    parts.stream().filter(part -> !part.isEmpty() && !part.equals(".")).forEach(todo::addFirst);
  }

  /** The path so far, and what is to follow. */
  private String rest() {
    List<String> all = new ArrayList<>(names);
    all.addAll(todo);
    return String.join("/", all);
  }
}
