package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.GitAttributes;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.git.tree.TreeIds;
import io.tarkiln.git.tree.TreeWalk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/**
 * The files of a context that are Git LFS's: those with the attribute {@code filter=lfs}. What
 * looks like a pointer elsewhere is a file like any other.
 *
 * @param paths raw paths in the archive, in order
 */
public record LfsPaths(Set<String> paths) {
  private static final String FILTER = "filter";
  private static final String LFS = "lfs";
  private static final long MAX_SIZE = 1 << 20;

  /** None. */
  public static final LfsPaths NONE = new LfsPaths(Set.of());

  /** Those of the context, ignored or not: git checks files out before Docker ignores some. */
  private record AttributeFiles(List<CommitTree.Found> found) implements TreeWalk.Visitor {
    @Override
    public void file(String path, CommitTree.Found file) {
      if (file.name().equals(GitAttributes.FILE)) {
        found.add(file);
      }
    }

    @Override
    public void ignored(String path, CommitTree.Found file) {
      file(path, file);
    }
  }

  /** Finds them, without a look into any file but {@code .gitattributes}. */
  public static LfsPaths in(PrunedTree pruned, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    if (!isMentioned(pruned, mostFiles)) {
      return NONE;
    }
    GitAttributes attributes = new GitAttributes();
    Set<String> paths = new TreeSet<>();
    TreeWalk.through(
        pruned,
        mostFiles,
        (path, file) -> {
          if (file.isFile() && attributes.value(file, FILTER).filter(LFS::equals).isPresent()) {
            paths.add(path);
          }
        });
    return new LfsPaths(paths);
  }

  /** Whether any file says so of some file, which few repositories have. */
  private static boolean isMentioned(PrunedTree pruned, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    AttributeFiles files = new AttributeFiles(new ArrayList<>());
    CommitTree in = pruned.folder().in();
    String folder = pruned.folder().path();
    while (!folder.isEmpty()) {
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
      in.at(CommitTree.join(folder, GitAttributes.FILE)).ifPresent(files.found()::add);
    }
    TreeWalk.through(pruned, mostFiles, files);
    for (CommitTree.Found each : files.found()) {
      if (each.isFile()
          && new String(each.bytes(MAX_SIZE), ISO_8859_1).contains(FILTER + "=" + LFS)) {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return paths.isEmpty();
  }

  /**
   * The id of a tree whose pointers are replaced: that of a folder with the tree and a file {@code
   * lfs} of these paths, a line each. The pointers are in the tree, and the attributes may be above
   * it, so this changes just when the content does.
   */
  public ObjectId id(ObjectId tree) {
    if (isEmpty()) {
      return tree;
    }
    byte[] lines = (String.join("\n", paths) + "\n").getBytes(ISO_8859_1);
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      return TreeIds.of(
          List.of(
              new TreeIds.Line(
                  LFS, FileMode.REGULAR_FILE, formatter.idFor(Constants.OBJ_BLOB, lines)),
              new TreeIds.Line("source", FileMode.TREE, tree)));
    }
  }
}
