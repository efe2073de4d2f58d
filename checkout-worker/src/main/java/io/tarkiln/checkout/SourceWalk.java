package io.tarkiln.checkout;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;

/** Goes through all files of a pruned tree, in git's order. Bounded in number and depth. */
final class SourceWalk {
  private static final int DEEPEST = 500;

  private final Visitor visitor;
  private final long most;
  private long entries;

  /** Hears of each entry. */
  interface Visitor {
    /**
     * Comes before what is in the folder.
     *
     * @param path raw, from the root of the archive
     * @param folder or a submodule that is not fetched
     */
    default void folder(String path, SourceTree.Found folder)
        throws IOException, RejectedException {}

    /** A file or link. */
    void file(String path, SourceTree.Found file)
        throws IOException, RejectedException, UnavailableException;
  }

  private SourceWalk(long most, Visitor visitor) {
    this.most = most;
    this.visitor = visitor;
  }

  static void through(PrunedTree tree, long most, Visitor visitor)
      throws IOException, RejectedException, UnavailableException {
    SourceWalk walk = new SourceWalk(most, visitor);
    for (PrunedTree.Entry entry : tree.entries()) {
      walk.visit(entry.path(), entry.found(), 0);
    }
  }

  private void visit(String path, SourceTree.Found found, int depth)
      throws IOException, RejectedException, UnavailableException {
    if (++entries > most || depth > DEEPEST) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "the build context has more than %s in %s: choose a smaller context, or raise the checkout-worker's TARKILN_SOURCE_LIMIT_FILES"
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
    if (found.isFolder()) {
      for (SourceTree.Child child : SourceTree.children(found)) {
        visit(path.isEmpty() ? child.name() : path + "/" + child.name(), child.found(), depth + 1);
      }
    }
  }
}
