package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.git.tree.TreeIds;
import io.tarkiln.git.tree.TreeWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;

/**
 * The content that Git LFS keeps elsewhere for the files of one archive. Close it, so that the
 * files on disk may go.
 *
 * <p>It is used where a {@code .gitattributes} on the way to the context or in it mentions {@code
 * filter=lfs}; then, as for {@code git lfs ls-files}, each file that is a pointer is one.
 */
public final class LfsContent implements AutoCloseable {
  private static final Pattern FILTER = Pattern.compile("(?m)^[^#\\r\\n]*\\bfilter=lfs\\b");
  private static final String ATTRIBUTES = ".gitattributes";
  private static final long MAX_ATTRIBUTES = 1 << 20;

  /** Git's id of the empty file. */
  private static final ObjectId EMPTY =
      ObjectId.fromString("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");

  private final LfsFiles files;
  private final Map<Kept, Path> entered = new HashMap<>();
  private final Map<ObjectId, Path> replaced = new HashMap<>();

  private record Kept(GitAddress address, LfsPointer pointer) {}

  /** Those of the context, ignored or not: git checks files out before Docker ignores some. */
  private record Attributes(List<CommitTree.Found> found) implements TreeWalk.Visitor {
    @Override
    public void file(String path, CommitTree.Found file) {
      if (file.name().equals(ATTRIBUTES)) {
        found.add(file);
      }
    }

    @Override
    public void ignored(String path, CommitTree.Found file) {
      file(path, file);
    }
  }

  private LfsContent(LfsFiles files) {
    this.files = files;
  }

  /** Whether files of a context are in Git LFS. */
  public static boolean isUsed(CommitTree source, PrunedTree pruned, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    Attributes attributes = new Attributes(new ArrayList<>());
    String folder = pruned.context();
    while (!folder.isEmpty()) {
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
      source.at(CommitTree.join(folder, ATTRIBUTES)).ifPresent(attributes.found()::add);
    }
    TreeWalk.through(pruned, mostFiles, attributes);
    for (CommitTree.Found each : attributes.found()) {
      if (each.isFile() && FILTER.matcher(new String(each.bytes(MAX_ATTRIBUTES), UTF_8)).find()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The id of a tree whose pointers are replaced: that of a folder with the tree and an empty file
   * {@code lfs}. The pointers are in the tree, so it changes just when the content does.
   */
  public static ObjectId id(ObjectId tree) {
    return TreeIds.of(
        List.of(
            new TreeIds.Line("lfs", FileMode.REGULAR_FILE, EMPTY),
            new TreeIds.Line("source", FileMode.TREE, tree)));
  }

  /** Nothing is replaced. */
  public static LfsContent none(LfsFiles files) {
    return new LfsContent(files);
  }

  /** Fetches the content of all pointers in a context, whose files in git are all here. */
  public static LfsContent of(LfsFiles files, PrunedTree pruned, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    LfsContent content = new LfsContent(files);
    try {
      content.fetch(pruned, mostFiles);
      return content;
    } catch (IOException | RejectedException | UnavailableException | RuntimeException failed) {
      content.close();
      throw failed;
    }
  }

  private void fetch(PrunedTree pruned, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    Map<GitAddress, Map<LfsPointer, Path>> wanted = new HashMap<>();
    TreeWalk.through(
        pruned,
        mostFiles,
        (path, file) -> {
          Optional<LfsPointer> pointer = pointer(file);
          if (pointer.isPresent()) {
            Path place = place(new Kept(file.in().address(), pointer.get()));
            replaced.put(file.id().copy(), place);
            wanted
                .computeIfAbsent(file.in().address(), address -> new HashMap<>())
                .put(pointer.get(), place);
          }
        });
    for (Map.Entry<GitAddress, Map<LfsPointer, Path>> each : wanted.entrySet()) {
      files.fetch(each.getKey(), each.getValue());
    }
  }

  private Path place(Kept file) {
    return entered.computeIfAbsent(file, each -> files.acquire(each.address(), each.pointer()));
  }

  private static Optional<LfsPointer> pointer(CommitTree.Found file) throws IOException {
    if (!file.isFile()) {
      return Optional.empty();
    }
    ObjectLoader loader = file.in().reader().open(file.id());
    return loader.getSize() < LfsPointer.MAX_LENGTH
        ? LfsPointer.of(loader.getBytes())
        : Optional.empty();
  }

  /** Content by the ids of the pointers. */
  public Map<ObjectId, Path> replaced() {
    return replaced;
  }

  @Override
  public void close() throws UnavailableException {
    for (Kept file : entered.keySet()) {
      files.release(file.address(), file.pointer());
    }
  }
}
