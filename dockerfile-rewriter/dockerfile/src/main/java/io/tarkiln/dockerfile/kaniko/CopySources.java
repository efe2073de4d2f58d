package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Edits the sources of COPY and ADD from the context, which Kaniko looks up in its own way ({@code
 * pkg/util/command_util.go}, {@code pkg/commands/copy.go}): a link that is named is copied as a
 * link, {@code ..} leads out of the context, {@code *} matches the context itself, and several
 * files need a destination that ends in a slash.
 */
final class CopySources {
  private static final String CODE = "copy-link";

  private final ContextFiles files;
  private final CopyInstruction copy;

  /** How many files and folders are copied; unknown where that cannot be seen. */
  private int matched;

  private boolean isSure = true;

  private CopySources(ContextFiles files, CopyInstruction copy) {
    this.files = files;
    this.copy = copy;
  }

  static void edit(CopyInstruction copy, ContextFiles files) {
    CopySources sources = new CopySources(files, copy);
    sources.editAll();
    sources.destination();
  }

  /**
   * Whether ADD would take escapes out of a word twice, which it gives COPY after it has read it
   * ({@code pkg/commands/add.go}): COPY does the same for what is no archive.
   */
  static boolean isReadTwice(CopyInstruction add) {
    List<String> words = new ArrayList<>(add.allSources());
    boolean isPlain =
        add.instruction().keyword().equals("ADD")
            && words.stream().noneMatch(one -> add.isRemote(one) || Refusals.isUnpacked(one));
    words.add(add.destination());
    return isPlain
        && words.stream()
            .map(word -> Dockerfile.literal(word).orElse(""))
            .anyMatch(path -> path.matches("(?s).*[\\\\'\"$].*"));
  }

  private void editAll() {
    for (int i = 0; i < copy.sources().size(); i++) {
      String source = copy.sources().get(i).get(0);
      Optional<String> literal = Dockerfile.literal(source);
      if (copy.isRemote(source) || !copy.isFromContext()) {
        matched++;
        isSure &= literal.isPresent() && !PathPattern.isOne(literal.get());
      } else if (literal.isEmpty()) {
        matched++;
        isSure = false;
      } else if (PathPattern.isOne(literal.get())) {
        pattern(i, ContextFiles.clean(literal.get()));
      } else {
        matched++;
        path(i, literal.get());
      }
    }
  }

  private void path(int index, String literal) {
    String path = ContextFiles.clean(literal);
    if (leadsOut(literal)) {
      replace(index, List.of(path.isEmpty() ? "." : path));
    }
    String target = files.resolve(path).orElse(path);
    if (target.equals(path) || !files.exists(target)) {
      return; // no link, or one that leads nowhere: that fails in Kaniko, or in what follows
    }
    if (files.isFolder(target) || name(target).equals(name(path)) || copy.sources().size() == 1) {
      if (!files.isFolder(target) && !name(target).equals(name(path)) && copy.namesFolder()) {
        String folder = copy.destination().endsWith("/") ? "" : "/";
        requireWord(copy.destination() + folder + name(path));
        copy.destination(copy.destination() + folder + CopyInstruction.word(name(path)));
      }
      replace(index, List.of(target.isEmpty() ? "." : target));
    } else {
      throw Findings.cannot(
          copy.instruction(),
          CODE,
          "%s is a link, which Kaniko copies as a link beside other files: copy %s by a COPY of its own, to %s"
              .formatted(path, target, "a file of that name"));
    }
  }

  private static boolean leadsOut(String path) {
    int depth = 0;
    for (String part : path.split("/")) {
      depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  private void pattern(int index, String path) {
    int wild = firstWild(path);
    String parent = path.substring(0, wild);
    String real = files.resolve(parent).orElse(parent);
    boolean isMoved = !real.equals(ContextFiles.clean(parent));
    String now = isMoved ? (real.isEmpty() ? "" : real + "/") + path.substring(wild) : path;
    Optional<PathPattern> pattern = PathPattern.of(now);
    if (!files.areKnown() || pattern.isEmpty()) {
      isSure = false;
      matched++;
      if (now.equals("*")) {
        replaceRaw(index, List.of("[^.]*", ".?*"));
      }
      return;
    }
    List<String> matches = files.matches(pattern.get());
    matched += matches.size();
    if (matches.stream().anyMatch(files::isLink)) {
      replace(index, matches.stream().map(this::behind).toList());
    } else if (now.equals("*")) {
      replaceRaw(index, List.of("[^.]*", ".?*"));
    } else if (!now.contains("/") && pattern.get().matches(".") && !matches.isEmpty()) {
      replace(index, matches);
    } else if (isMoved) {
      replaceRaw(index, List.of(CopyInstruction.word(real) + now.substring(real.length())));
    }
  }

  /** What a match of a wildcard stands for, which must have its name unless it is a folder. */
  private String behind(String match) {
    String target = files.resolve(match).orElse(match);
    if (!files.isFolder(target) && !name(target).equals(name(match))) {
      throw Findings.cannot(
          copy.instruction(),
          CODE,
          "%s is a link, which Kaniko copies as a link: name it, and copy it by a COPY of its own"
              .formatted(match));
    }
    return target;
  }

  private static int firstWild(String path) {
    int wild = 0;
    while (!PathPattern.isOne(path.substring(wild, wild + 1))) {
      wild++;
    }
    return path.lastIndexOf('/', wild) + 1;
  }

  private void replace(int index, List<String> paths) {
    List<String> words = new ArrayList<>();
    for (String path : paths) {
      words.add(CopyInstruction.word(PathPattern.quoted(path)));
    }
    replaceRaw(index, words);
  }

  private void replaceRaw(int index, List<String> words) {
    words.forEach(this::requireWord);
    copy.source(index, words);
  }

  private void requireWord(String word) {
    if (!copy.canHold(List.of(word))) {
      throw Findings.cannot(
          copy.instruction(),
          CODE,
          "Kaniko needs another name for a source here, which has white space: write the sources in"
              + " the JSON form, [\"a b\", \"/c\"]");
    }
  }

  private void destination() {
    boolean isMany = copy.sources().size() > 1 || (isSure && matched > 1);
    String destination = copy.destination();
    if (!isMany || destination.endsWith("/") || destination.equals(".")) {
      return;
    }
    String path = Dockerfile.literal(destination).orElse("");
    if (!copy.namesFolder() && !FolderEdits.COMMON.matcher(path).matches()) {
      throw Findings.cannot(
          copy.instruction(),
          "copy-many",
          "Kaniko copies several files to a folder only where it ends in a slash: write %s/"
              .formatted(destination));
    }
    copy.destination(destination + "/");
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
