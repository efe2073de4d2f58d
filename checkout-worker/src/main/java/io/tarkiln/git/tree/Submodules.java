package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;

/** Reads {@code .gitmodules}; of all that can be written there, only paths and addresses count. */
public final class Submodules {
  private static final String FILE = ".gitmodules";
  private static final long MAX_SIZE = 1 << 20;

  private Submodules() {}

  /** Addresses by normalized paths, in the order of the file; empty where there is no file. */
  public static Map<String, String> of(CommitTree tree)
      throws IOException, RejectedException, UnavailableException {
    Optional<CommitTree.Found> file = tree.find(FILE).filter(CommitTree.Found::isFile);
    if (file.isEmpty()) {
      return Map.of();
    }
    Config config = new Config();
    try {
      config.fromText(new String(file.get().bytes(MAX_SIZE), UTF_8));
    } catch (ConfigInvalidException broken) {
      throw bad(tree, "cannot be read: " + broken.getMessage(), broken);
    }
    Map<String, String> modules = new LinkedHashMap<>();
    for (String name : config.getSubsections("submodule")) {
      String path = config.getString("submodule", name, "path");
      String url = config.getString("submodule", name, "url");
      if (path != null && url != null) {
        try {
          modules.put(NameSyntax.path("path", path), url);
        } catch (IllegalArgumentException broken) {
          throw bad(tree, "is not safe: " + broken.getMessage(), broken);
        }
      }
    }
    return modules;
  }

  private static RejectedException bad(CommitTree tree, String what, Exception cause) {
    return new RejectedException(
        Reason.BAD_REQUEST, "%s in %s %s".formatted(FILE, tree.where(), what), cause);
  }
}
