package io.tarkiln.checkout;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The part of a commit's tree that a service is built from: its context at its path, and the
 * Dockerfile where it lies outside. As it is a tree, git has an id for it, whether the tree exists
 * anywhere or not; that id changes just when the part does.
 */
final class PrunedTree {
  private final Map<String, Node> top = new HashMap<>();
  private final String context;
  private final String dockerfile;
  private final ObjectId id;

  private PrunedTree(SourceTree source, String context, String dockerfile)
      throws IOException, RejectedException {
    this.context = context.equals(".") ? "" : SourceTree.raw(context);
    this.dockerfile = SourceTree.raw(dockerfile);
    SourceTree.Found folder = context(source, context);
    if (context.equals(".")) {
      id = TreeIds.of(folder);
      top.put("", new Node(Optional.of(folder), Map.of()));
      return;
    }
    put(context, folder);
    for (String path : List.of(dockerfile, dockerfile + ".dockerignore")) {
      Optional<SourceTree.Found> file = source.find(path);
      if (file.isPresent() && !path.startsWith(context + "/")) {
        put(path, file.get());
      }
    }
    id = id(top);
  }

  static PrunedTree of(SourceTree source, String context, String dockerfile)
      throws IOException, RejectedException {
    return new PrunedTree(source, context, dockerfile);
  }

  private static SourceTree.Found context(SourceTree source, String path)
      throws IOException, RejectedException {
    SourceTree.Found found =
        source
            .find(path)
            .orElseThrow(
                () ->
                    new RejectedException(
                        Reason.BAD_REQUEST, "no folder %s in %s".formatted(path, source.where())));
    if (found.isLink() || found.isModule()) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the context %s is a %s in %s: name the folder itself"
              .formatted(
                  path,
                  found.isLink() ? "link" : "submodule that was not fetched",
                  source.where()));
    }
    if (!found.isFolder()) {
      throw new RejectedException(
          Reason.BAD_REQUEST, "the context %s is no folder in %s".formatted(path, source.where()));
    }
    return found;
  }

  /** A part of a path, or what stands at its end. */
  private record Node(Optional<SourceTree.Found> end, Map<String, Node> below) {}

  /** Something of the source, and where it belongs, raw; the empty path is the root. */
  record Entry(String path, SourceTree.Found found) {}

  /** Git's id of this tree. */
  ObjectId id() {
    return id;
  }

  /** The raw path of the build context; empty for the root. */
  String context() {
    return context;
  }

  /**
   * Whether a link at a raw path may lead to another: within the context, or from the Dockerfile.
   */
  boolean mayLink(String path, String target) {
    return path.equals(dockerfile) || !isInContext(path) || isInContext(target);
  }

  private boolean isInContext(String path) {
    return context.isEmpty() || path.equals(context) || path.startsWith(context + "/");
  }

  /** What it consists of, in an order that depends on nothing else. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    collect("", top, entries);
    return entries;
  }

  private static void collect(String prefix, Map<String, Node> nodes, List<Entry> entries) {
    for (Map.Entry<String, Node> each : new TreeMap<>(nodes).entrySet()) {
      Node node = each.getValue();
      if (node.end().isPresent()) {
        entries.add(new Entry(prefix + each.getKey(), node.end().get()));
      } else {
        collect(prefix + each.getKey() + "/", node.below(), entries);
      }
    }
  }

  private void put(String path, SourceTree.Found found) {
    Map<String, Node> at = top;
    String[] parts = SourceTree.raw(path).split("/");
    for (int i = 0; i < parts.length - 1; i++) {
      at =
          at.computeIfAbsent(parts[i], name -> new Node(Optional.empty(), new HashMap<>())).below();
    }
    at.put(parts[parts.length - 1], new Node(Optional.of(found), Map.of()));
  }

  private static ObjectId id(Map<String, Node> nodes) throws IOException, RejectedException {
    List<TreeIds.Line> lines = new ArrayList<>();
    for (Map.Entry<String, Node> each : nodes.entrySet()) {
      Optional<SourceTree.Found> end = each.getValue().end();
      lines.add(
          end.isPresent()
              ? new TreeIds.Line(each.getKey(), end.get().mode(), TreeIds.of(end.get()))
              : new TreeIds.Line(each.getKey(), FileMode.TREE, id(each.getValue().below())));
    }
    return TreeIds.of(lines);
  }
}
