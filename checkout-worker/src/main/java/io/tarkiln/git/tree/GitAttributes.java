package io.tarkiln.git.tree;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.attributes.AttributesRule;

/**
 * The attributes of files, as the {@code .gitattributes} of their repository say
 * (gitattributes(5)): a file's own folder goes before those above it, and a later line before an
 * earlier one.
 */
public final class GitAttributes {
  /** The name of the files that say them. */
  public static final String FILE = ".gitattributes";

  private static final long MAX_SIZE = 1 << 20;

  private final Map<CommitTree, Map<String, AttributesFile>> files = new IdentityHashMap<>();

  /** The value of an attribute; empty where it has none, and where it is only set or unset. */
  public Optional<String> value(CommitTree.Found file, String name)
      throws IOException, RejectedException, UnavailableException {
    Map<String, Attribute> decided = new HashMap<>();
    Map<String, List<Attribute>> macros = in(file.in(), "").macros();
    String folder = file.path();
    while (!folder.isEmpty() && !decided.containsKey(name)) {
      folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
      String path = folder.isEmpty() ? file.path() : file.path().substring(folder.length() + 1);
      for (AttributesRule rule : in(file.in(), folder).rules()) {
        if (rule.isMatch(path, false)) {
          decide(rule.getAttributes(), macros, decided);
        }
      }
    }
    return Optional.ofNullable(decided.get(name))
        .filter(each -> each.getState() == Attribute.State.CUSTOM)
        .map(Attribute::getValue);
  }

  private static void decide(
      List<Attribute> attributes,
      Map<String, List<Attribute>> macros,
      Map<String, Attribute> decided) {
    for (int i = attributes.size() - 1; i >= 0; i--) {
      Attribute each = attributes.get(i);
      if (decided.putIfAbsent(each.getKey(), each) == null
          && each.getState() == Attribute.State.SET) {
        decide(macros.getOrDefault(each.getKey(), List.of()), macros, decided);
      }
    }
  }

  private AttributesFile in(CommitTree tree, String folder)
      throws IOException, RejectedException, UnavailableException {
    Map<String, AttributesFile> known = files.computeIfAbsent(tree, each -> new HashMap<>());
    AttributesFile file = known.get(folder);
    if (file == null) {
      // A link is not followed, as git follows none.
      Optional<CommitTree.Found> found =
          tree.at(CommitTree.join(folder, FILE)).filter(CommitTree.Found::isFile);
      file =
          found.isPresent() ? AttributesFile.of(found.get().bytes(MAX_SIZE)) : AttributesFile.NONE;
      known.put(folder, file);
    }
    return file;
  }
}
