package io.tarkiln.git.tree;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.dockerignore.BadPatternException;
import io.tarkiln.dockerignore.IgnoreDecision;
import io.tarkiln.dockerignore.IgnoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Takes ignored files out of a context, by the trees alone: no file is read. As in BuildKit, a
 * folder that is not ignored stays when all that was in it is.
 */
final class TreePruner {
  /** Entries that may be looked at for one that may be kept. */
  private static final int LOOKED_AT = 10;

  /** Of entries with patterns; some minutes, at worst. */
  private static final long MAX_COMPARISONS = 1_000_000_000;

  private final IgnoreFile ignore;
  private final String context;
  private final long most;
  private final Map<String, Set<String>> ignored = new HashMap<>();
  private long entries;

  /**
   * Takes out what a file ignores.
   *
   * @param context raw path of the folder, from the root of the archive
   * @param most entries that a context may have
   */
  TreePruner(IgnoreFile ignore, String context, long most) {
    this.ignore = ignore;
    this.context = context;
    this.most =
        Math.min(
            most > Long.MAX_VALUE / LOOKED_AT ? Long.MAX_VALUE : most * LOOKED_AT,
            MAX_COMPARISONS / Math.max(1, ignore.size()));
  }

  /** Names that were taken out, by the raw paths of the folders that they were in. */
  Map<String, Set<String>> ignored() {
    return ignored;
  }

  /** Git's id of what is left of the context. */
  ObjectId prune(CommitTree.Found folder)
      throws IOException, RejectedException, BadPatternException {
    return ignore.isEmpty() ? TreeIds.of(folder) : left(folder, "", ignore.root(), 0).id(folder);
  }

  /**
   * What is left of a folder.
   *
   * @param isChanged whether it is another tree than git's
   */
  private record Left(List<TreeIds.Line> lines, boolean isChanged) {
    ObjectId id(CommitTree.Found folder) {
      return isChanged ? TreeIds.of(lines) : folder.id();
    }
  }

  private Left left(CommitTree.Found folder, String path, IgnoreDecision decision, int depth)
      throws IOException, RejectedException, BadPatternException {
    if (depth > TreeWalk.DEEPEST) {
      throw tooMuch(TreeWalk.DEEPEST + " levels of folders", folder);
    }
    List<TreeIds.Line> lines = new ArrayList<>();
    Set<String> out = new HashSet<>();
    boolean isChanged = folder.in().hasModulesIn(folder);
    for (CommitTree.Child child : CommitTree.children(folder)) {
      if (++entries > most) {
        throw tooMuch("%d files to hold against .dockerignore".formatted(most), folder);
      }
      CommitTree.Found found = child.found();
      String below = path.isEmpty() ? child.name() : path + "/" + child.name();
      IgnoreDecision each = decision.below(below);
      boolean isOut = each.isIgnored();
      ObjectId id = found.id();
      if (found.isFolder() && !each.isIgnoredWhole()) {
        Left left = left(found, below, each, depth + 1);
        isOut &= left.lines().isEmpty();
        id = left.id(found);
      }
      if (isOut) {
        out.add(child.name());
      } else {
        isChanged |= !id.equals(found.id());
        lines.add(new TreeIds.Line(child.name(), found.mode(), id));
      }
    }
    if (!out.isEmpty()) {
      ignored.put(CommitTree.join(context, path), out);
    }
    return new Left(lines, isChanged || !out.isEmpty());
  }

  private static RejectedException tooMuch(String what, CommitTree.Found in) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "the build context has more than %s in %s: choose a smaller context"
            .formatted(what, in.in().where()));
  }

  /** The id of a tree that has a tree at a raw path, and nothing else. */
  static ObjectId at(String path, ObjectId tree) {
    ObjectId id = tree;
    String[] parts = path.isEmpty() ? new String[0] : path.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      id = TreeIds.of(List.of(new TreeIds.Line(parts[i], FileMode.TREE, id)));
    }
    return id;
  }
}
