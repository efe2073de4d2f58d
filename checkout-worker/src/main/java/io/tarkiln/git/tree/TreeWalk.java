package io.tarkiln.git.tree;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.Set;

/** Goes through all files of a pruned tree, in git's order. Bounded in number and depth. */
public final class TreeWalk {
  /** Levels of folders that a context may have. */
  static final int DEEPEST = 500;

  private final PrunedTree tree;
  private final Visitor visitor;
  private final long most;
  private long entries;

  /** Hears of each entry. */
  public interface Visitor {
    /**
     * Comes before what is in the folder.
     *
     * @param path raw, from the root of the archive
     */
    default void folder(String path, CommitTree.Found folder)
        throws IOException, RejectedException {}

    /** Comes when all that is in the folder is ignored, or it is a submodule not fetched. */
    default void emptyFolder(String path, CommitTree.Found folder)
        throws IOException, RejectedException {}

    /** Something in a folder that is left out. */
    default void ignored(String path, CommitTree.Found found) {}

    /** A file or link. */
    void file(String path, CommitTree.Found file)
        throws IOException, RejectedException, UnavailableException;
  }

  private TreeWalk(PrunedTree tree, long most, Visitor visitor) {
    this.tree = tree;
    this.most = most;
    this.visitor = visitor;
  }

  public static void through(PrunedTree tree, long most, Visitor visitor)
      throws IOException, RejectedException, UnavailableException {
    new TreeWalk(tree, most, visitor).visit(tree.context(), tree.folder(), 0);
  }

  private void visit(String path, CommitTree.Found found, int depth)
      throws IOException, RejectedException, UnavailableException {
    if (++entries > most || depth > DEEPEST) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "the build context has more than %s in %s: choose a smaller context, name more in .dockerignore, or raise the checkout-worker's TARKILN_SOURCE_LIMIT_FILES"
              .formatted(
                  entries > most ? most + " files" : DEEPEST + " levels of folders",
                  found.in().where()));
    }
    if (!found.isFolder() && !found.isModule()) {
      visitor.file(path, found);
      return;
    }
    if (!path.isEmpty()) {
      visitor.folder(path, found);
    }
    if (found.isModule()) {
      visitor.emptyFolder(path, found);
      return;
    }
    Set<String> ignored = tree.ignoredIn(path);
    boolean isEmpty = !ignored.isEmpty();
    for (CommitTree.Child child : CommitTree.children(found)) {
      String below = CommitTree.join(path, child.name());
      if (ignored.contains(child.name())) {
        visitor.ignored(below, child.found());
      } else {
        isEmpty = false;
        visit(below, child.found(), depth + 1);
      }
    }
    if (isEmpty) {
      visitor.emptyFolder(path, found);
    }
  }
}
