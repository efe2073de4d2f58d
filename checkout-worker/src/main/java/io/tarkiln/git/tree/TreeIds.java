package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;

/** Git's ids of trees, whether they exist anywhere or not. */
public final class TreeIds {
  /** The id of a tree in which nothing is. */
  static final ObjectId EMPTY = of(List.of());

  private TreeIds() {}

  /** One line of a tree. */
  public record Line(String name, FileMode mode, ObjectId id) {
    /** Git compares names as bytes, and those of folders as if they ended in a slash. */
    private byte[] order() {
      return (FileMode.TREE.equals(mode) ? name + "/" : name).getBytes(ISO_8859_1);
    }
  }

  /** The id of a tree of these lines. */
  public static ObjectId of(List<Line> lines) {
    TreeFormatter tree = new TreeFormatter();
    lines.stream()
        .sorted(Comparator.comparing(Line::order, Arrays::compareUnsigned))
        .forEach(line -> tree.append(line.name().getBytes(ISO_8859_1), line.mode(), line.id()));
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      return formatter.idFor(tree);
    }
  }

  /**
   * The id of what a path leads to. Submodules count as the folders that they are, so the id is
   * that of the same files without submodules.
   */
  public static ObjectId of(CommitTree.Found found) throws IOException, RejectedException {
    if (!found.isFolder() || !found.in().hasModulesIn(found)) {
      return found.id();
    }
    List<Line> lines = new ArrayList<>();
    for (CommitTree.Child child : CommitTree.children(found)) {
      lines.add(new Line(child.name(), child.found().mode(), of(child.found())));
    }
    return of(lines);
  }
}
