package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * The files of a commit, with those of its submodules where they belong.
 *
 * <p>Paths in here are {@linkplain #raw raw}: a character per byte, whatever their encoding, as git
 * has none. The root is the empty path.
 *
 * @param where the commit and repository, for messages
 * @param root git's tree of the files
 * @param modules submodules by their raw paths
 */
public record CommitTree(
    String where,
    GitAddress address,
    ObjectReader reader,
    ObjectId root,
    Map<String, CommitTree> modules,
    Files files) {
  private static final long MAX_LINK = 4096;

  /** Git's order of a folder's entries, which is that of all paths below it. */
  private static final Comparator<Child> BY_ORDER = Comparator.comparing(Child::order);

  /** Makes files of the commit be readable. */
  @FunctionalInterface
  public interface Files {
    void fetch(Collection<ObjectId> ids)
        throws IOException, RejectedException, UnavailableException;
  }

  /**
   * What a path leads to.
   *
   * @param in the repository that has it
   * @param path of it in there
   */
  public record Found(CommitTree in, String path, FileMode mode, ObjectId id) {
    boolean isFolder() {
      return FileMode.TREE.equals(mode);
    }

    public boolean isFile() {
      return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }

    public boolean isLink() {
      return FileMode.SYMLINK.equals(mode);
    }

    public boolean isModule() {
      return FileMode.GITLINK.equals(mode);
    }

    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Its bytes, which must be few. */
    public byte[] bytes(long most) throws IOException, RejectedException, UnavailableException {
      in.files.fetch(List.of(id));
      ObjectLoader loader = in.reader.open(id);
      if (loader.getSize() > most) {
        throw new RejectedException(
            Reason.LIMIT_EXCEEDED,
            "%s in %s is longer than %d bytes".formatted(printable(path), in.where, most));
      }
      return loader.getBytes();
    }

    /** Where a link points, raw; may be anywhere. */
    public String target() throws IOException, RejectedException, UnavailableException {
      String target = new String(bytes(MAX_LINK), ISO_8859_1);
      if (target.isEmpty() || target.indexOf('\0') >= 0) {
        throw new RejectedException(
            Reason.BAD_REQUEST,
            "the link %s in %s has no target that a file system can have"
                .formatted(printable(path), in.where));
      }
      return target;
    }
  }

  /** A name and what has it. */
  record Child(String name, Found found) {
    private String order() {
      return found.isFolder() ? name + "/" : name;
    }
  }

  /** The root folder. */
  Found top() {
    return new Found(this, "", FileMode.TREE, root);
  }

  /** What is at a normalized path, if anything; links on the way are refused. */
  public Optional<Found> find(String path) throws IOException, RejectedException {
    return at(raw(path));
  }

  /** What is at a raw path, if anything; links on the way are refused. */
  public Optional<Found> at(String path) throws IOException, RejectedException {
    Found at = top();
    for (String part : path.split("/")) {
      if (at.isLink() || at.isModule()) {
        throw new RejectedException(
            Reason.PATH_OUTSIDE_REPOSITORY,
            "%s is a %s in %s: name the folder itself"
                .formatted(printable(at.path()), at.isLink() ? "link" : "submodule", where));
      }
      Optional<Found> next = at.isFolder() ? child(at, part) : Optional.empty();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      at = next.get();
    }
    return Optional.of(at);
  }

  /** What has this name in a folder. */
  static Optional<Found> child(Found folder, String name) throws IOException, RejectedException {
    return children(folder).stream()
        .filter(child -> child.name().equals(name))
        .map(Child::found)
        .findFirst();
  }

  /** What is in a folder, in git's order; each name is a safe one and is there once. */
  static List<Child> children(Found folder) throws IOException, RejectedException {
    CommitTree in = folder.in();
    List<Child> children = new ArrayList<>();
    Set<String> names = new HashSet<>();
    boolean isOrdered = true;
    try {
      CanonicalTreeParser parser = new CanonicalTreeParser(null, in.reader, folder.id());
      byte[] buffer = new byte[64];
      for (; !parser.eof(); parser.next()) {
        int length = parser.getNameLength();
        buffer = length > buffer.length ? new byte[length * 2] : buffer;
        parser.getName(buffer, 0);
        String name = new String(buffer, 0, length, ISO_8859_1);
        check(folder, buffer, length, name, names);
        String path = join(folder.path(), name);
        Child child =
            new Child(name, in.found(path, parser.getEntryFileMode(), parser.getEntryObjectId()));
        isOrdered &=
            children.isEmpty() || BY_ORDER.compare(children.get(children.size() - 1), child) < 0;
        children.add(child);
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException malformed) {
      throw unsafe(folder, "", malformed);
    }
    if (!isOrdered) { // where a submodule became a folder
      children.sort(BY_ORDER);
    }
    return children;
  }

  private static void check(Found folder, byte[] buffer, int length, String name, Set<String> names)
      throws RejectedException {
    try {
      new ObjectChecker().checkPathSegment(buffer, 0, length);
    } catch (CorruptObjectException unsafe) {
      throw unsafe(folder, name, unsafe);
    }
    if (!names.add(name)) {
      throw unsafe(folder, name, new CorruptObjectException("the name is there twice"));
    }
  }

  private static RejectedException unsafe(Found folder, String name, Exception cause) {
    return new RejectedException(
        Reason.PATH_OUTSIDE_REPOSITORY,
        "'%s' in the folder '%s' is no safe file name in %s"
            .formatted(printable(name), printable(folder.path()), folder.in().where()),
        cause);
  }

  private Found found(String path, FileMode mode, ObjectId id) {
    CommitTree module = modules.get(path);
    return module != null && FileMode.GITLINK.equals(mode)
        ? module.top()
        : new Found(this, path, mode, id);
  }

  /** Whether submodules lie in a folder. */
  boolean hasModulesIn(Found folder) {
    return modules.keySet().stream()
        .anyMatch(path -> folder.path().isEmpty() || path.startsWith(folder.path() + "/"));
  }

  /** The raw path of something in a folder; each may be the empty path. */
  public static String join(String folder, String name) {
    return folder.isEmpty() || name.isEmpty() ? folder + name : folder + "/" + name;
  }

  /** A text as characters that stand for its UTF-8 bytes. */
  public static String raw(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** A raw text for people. */
  public static String printable(String raw) {
    return PrintableText.of(new String(raw.getBytes(ISO_8859_1), UTF_8), 200);
  }
}
