package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code .gitmodules} (gitmodules(5)); of all that can be written there, only paths,
 * addresses and {@code update = none} count.
 */
public final class Submodules {
  private static final String FILE = ".gitmodules";
  private static final String SECTION = "submodule.";
  private static final String NOT_FETCHED = "none";
  private static final Set<String> UPDATES = Set.of("checkout", "rebase", "merge", NOT_FETCHED);
  private static final long MAX_SIZE = 1 << 20;

  private Submodules() {}

  /**
   * Addresses by raw paths as they are written, in the order of the file; empty where there is no
   * file. Nothing need be at a path: git leaves entries there when a submodule goes.
   */
  public static Map<String, String> of(CommitTree tree)
      throws IOException, RejectedException, UnavailableException {
    Optional<CommitTree.Found> file = tree.find(FILE).filter(CommitTree.Found::isFile);
    if (file.isEmpty()) {
      return Map.of();
    }
    Map<String, Map<String, String>> byName = byName(tree, file.get().bytes(MAX_SIZE));
    Map<String, String> modules = new LinkedHashMap<>();
    for (Map<String, String> module : byName.values()) {
      String update = module.getOrDefault("update", "checkout");
      if (!UPDATES.contains(update)) {
        throw new RejectedException(
            Reason.BAD_REQUEST,
            "%s in %s has update = %s, which git refuses"
                .formatted(FILE, tree.where(), CommitTree.printable(update)));
      }
      String path = module.get("path");
      String url = module.get("url");
      if (path != null && url != null && !update.equals(NOT_FETCHED)) {
        // What people write, while the path is compared with names, which are bytes.
        modules.put(path, new String(url.getBytes(ISO_8859_1), UTF_8));
      }
    }
    return modules;
  }

  private static Map<String, Map<String, String>> byName(CommitTree tree, byte[] bytes)
      throws RejectedException {
    String text = new String(bytes, ISO_8859_1).replaceFirst("^\u00ef\u00bb\u00bf", "");
    Map<String, Map<String, String>> byName = new LinkedHashMap<>();
    try {
      for (GitConfigReader.Entry entry : GitConfigReader.read(text)) {
        int last = entry.name().lastIndexOf('.');
        if (entry.name().startsWith(SECTION) && last >= SECTION.length()) {
          String name = entry.name().substring(SECTION.length(), last);
          if (isSafe(name)) {
            byName
                .computeIfAbsent(name, each -> new LinkedHashMap<>())
                .put(entry.name().substring(last + 1), entry.value().orElse(""));
          }
        }
      }
    } catch (GitConfigReader.BrokenException broken) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "%s in %s cannot be read: %s".formatted(FILE, tree.where(), broken.getMessage()),
          broken);
    }
    return byName;
  }

  /** Git passes over what would be no name of a folder (CVE-2018-11235). */
  private static boolean isSafe(String name) {
    return !name.isEmpty() && !("/" + name.replace('\\', '/') + "/").contains("/../");
  }
}
