package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;

/**
 * The part of a commit's tree that a service is built from: its context at its path, and the
 * Dockerfile where it lies outside. As it is a tree, git has an id for it, whether the tree exists
 * anywhere or not; that id changes just when the part does.
 */
final class PrunedTree {
  private final Map<String, Node> top = new HashMap<>();
  private final ObjectId id;

  private PrunedTree(SourceTree source, String context, String dockerfile)
      throws IOException, RejectedException {
    SourceTree.Found folder = source.context(context);
    if (context.equals(".")) {
      id = folder.id();
      top.put(".", new Node(folder, Map.of()));
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

  /** A part of a path, or what stands at its end. */
  private record Node(SourceTree.Found end, Map<String, Node> below) {}

  /** Something of the source, and where it belongs; {@code .} is the root. */
  record Entry(String path, SourceTree.Found found) {}

  /** Git's id of this tree. */
  String id() {
    return id.name();
  }

  /** What it consists of, in git's order. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    collect("", top, entries);
    return entries;
  }

  private static void collect(String prefix, Map<String, Node> nodes, List<Entry> entries) {
    for (String name : sorted(nodes)) {
      Node node = nodes.get(name);
      if (node.end() != null) {
        entries.add(new Entry(prefix + name, node.end()));
      } else {
        collect(prefix + name + "/", node.below(), entries);
      }
    }
  }

  private void put(String path, SourceTree.Found found) {
    Map<String, Node> at = top;
    String[] parts = path.split("/");
    for (int i = 0; i < parts.length - 1; i++) {
      at = at.computeIfAbsent(parts[i], name -> new Node(null, new HashMap<>())).below();
    }
    at.put(parts[parts.length - 1], new Node(found, Map.of()));
  }

  private static ObjectId id(Map<String, Node> nodes) {
    TreeFormatter tree = new TreeFormatter();
    for (String name : sorted(nodes)) {
      Node node = nodes.get(name);
      if (node.end() != null) {
        tree.append(name, node.end().mode(), node.end().id());
      } else {
        tree.append(name, FileMode.TREE, id(node.below()));
      }
    }
    try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
      return formatter.idFor(tree);
    }
  }

  /** Git compares names as bytes, and those of folders as if they ended in a slash. */
  private static List<String> sorted(Map<String, Node> nodes) {
    return nodes.keySet().stream()
        .sorted(
            Comparator.comparing(
                name -> {
                  Node node = nodes.get(name);
                  boolean folder = node.end() == null || node.end().isFolder();
                  return (folder ? name + "/" : name).getBytes(UTF_8);
                },
                java.util.Arrays::compareUnsigned))
        .toList();
  }
}
