package io.tarkiln.git.tree;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.ContextEntry;
import io.tarkiln.store.ContextListing;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the list of a pruned tree's files, whose links are all here. */
public final class ContextListingWriter implements TreeWalk.Visitor {
  private final PrunedTree tree;
  private final ContextListing.Writer files;

  private ContextListingWriter(PrunedTree tree, OutputStream to) throws IOException {
    this.tree = tree;
    this.files = new ContextListing.Writer(to);
  }

  /** Writes all of it and leaves the stream open. */
  public static void write(PrunedTree tree, long mostFiles, OutputStream to)
      throws IOException, RejectedException, UnavailableException {
    ContextListingWriter list = new ContextListingWriter(tree, to);
    TreeWalk.through(tree, mostFiles, list);
    list.files.finish();
  }

  @Override
  public void file(String path, CommitTree.Found file)
      throws IOException, RejectedException, UnavailableException {
    add(path, file, file.id().name(), file.isLink() ? file.target() : "");
  }

  @Override
  public void emptyFolder(String path, CommitTree.Found folder) throws IOException {
    if (!path.equals(tree.context())) {
      add(path, folder, folder.isModule() ? folder.id().name() : TreeIds.EMPTY.name(), "");
    }
  }

  private void add(String path, CommitTree.Found found, String id, String target)
      throws IOException {
    files.add(new ContextEntry(found.mode().getBits(), id, path, target));
  }
}
