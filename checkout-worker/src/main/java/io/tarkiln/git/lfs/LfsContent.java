package io.tarkiln.git.lfs;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.git.tree.TreeWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectLoader;

/**
 * The content that Git LFS keeps elsewhere for the files of one archive. Close it, so that the
 * files on disk may go.
 */
public final class LfsContent implements AutoCloseable {
  private final LfsFiles files;
  private final Map<Kept, Path> entered = new HashMap<>();
  private final Map<String, Path> replaced = new HashMap<>();

  private record Kept(GitAddress address, LfsPointer pointer) {}

  private LfsContent(LfsFiles files) {
    this.files = files;
  }

  /** Fetches the content of all pointers in a context, whose files in git are all here. */
  public static LfsContent of(LfsFiles files, PrunedTree pruned, LfsPaths paths, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    LfsContent content = new LfsContent(files);
    try {
      if (!paths.isEmpty()) {
        content.fetch(pruned, paths, mostFiles);
      }
      return content;
    } catch (IOException | RejectedException | UnavailableException | RuntimeException failed) {
      content.close();
      throw failed;
    }
  }

  private void fetch(PrunedTree pruned, LfsPaths paths, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    Map<GitAddress, Map<LfsPointer, Path>> wanted = new HashMap<>();
    TreeWalk.through(
        pruned,
        mostFiles,
        (path, file) -> {
          Optional<LfsPointer> pointer =
              paths.paths().contains(path) ? pointer(file) : Optional.empty();
          if (pointer.isPresent()) {
            Path place = place(new Kept(file.in().address(), pointer.get()));
            replaced.put(path, place);
            wanted
                .computeIfAbsent(file.in().address(), address -> new HashMap<>())
                .put(pointer.get(), place);
          }
        });
    files.checkSum(pruned, entered.keySet().stream().map(Kept::pointer));
    for (Map.Entry<GitAddress, Map<LfsPointer, Path>> each : wanted.entrySet()) {
      files.fetch(each.getKey(), each.getValue());
    }
  }

  private Path place(Kept file) {
    return entered.computeIfAbsent(file, each -> files.acquire(each.address(), each.pointer()));
  }

  private static Optional<LfsPointer> pointer(CommitTree.Found file) throws IOException {
    ObjectLoader loader = file.in().reader().open(file.id());
    return loader.getSize() < LfsPointer.MAX_LENGTH
        ? LfsPointer.of(loader.getBytes())
        : Optional.empty();
  }

  /** Content by the raw paths of the pointers in the archive. */
  public Map<String, Path> replaced() {
    return replaced;
  }

  @Override
  public void close() throws UnavailableException {
    for (Kept file : entered.keySet()) {
      files.release(file.address(), file.pointer());
    }
  }
}
