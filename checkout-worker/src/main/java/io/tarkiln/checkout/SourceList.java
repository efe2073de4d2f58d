package io.tarkiln.checkout;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.SourceFile;
import io.tarkiln.store.SourceFiles;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the list of a pruned tree's files, whose links are all here. */
final class SourceList implements SourceWalk.Visitor {
  private final PrunedTree tree;
  private final SourceFiles.Writer files;

  private SourceList(PrunedTree tree, OutputStream to) throws IOException {
    this.tree = tree;
    this.files = new SourceFiles.Writer(to);
  }

  /** Writes all of it and leaves the stream open. */
  static void write(PrunedTree tree, long mostFiles, OutputStream to)
      throws IOException, RejectedException, UnavailableException {
    SourceList list = new SourceList(tree, to);
    SourceWalk.through(tree, mostFiles, list);
    list.files.finish();
  }

  @Override
  public void file(String path, SourceTree.Found file)
      throws IOException, RejectedException, UnavailableException {
    add(path, file, file.id().name(), file.isLink() ? file.target() : "");
  }

  @Override
  public void emptyFolder(String path, SourceTree.Found folder) throws IOException {
    if (!path.equals(tree.context())) {
      add(path, folder, folder.isModule() ? folder.id().name() : TreeIds.EMPTY.name(), "");
    }
  }

  private void add(String path, SourceTree.Found found, String id, String target)
      throws IOException {
    files.add(new SourceFile(found.mode().getBits(), id, path, target));
  }
}
