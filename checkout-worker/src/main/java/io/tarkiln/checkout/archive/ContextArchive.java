package io.tarkiln.checkout.archive;

import static io.tarkiln.git.tree.CommitTree.printable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.tree.CommitTree;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.git.tree.TreeWalk;
import io.tarkiln.image.Digests;
import io.tarkiln.store.ObjectKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;

/**
 * Writes a pruned tree as tar.gz, straight from git's objects. The same tree makes the same bytes:
 * order, owner and times are fixed. Everything is below one folder, because Argo strips a single
 * top-level entry (artifact loading, seen in 3.7).
 *
 * <p>Names and link targets are written as the bytes that git has, whatever their encoding and
 * wherever they lead: GNU's long names hold any, which PAX's records, being UTF-8, do not.
 *
 * <p>Entries go in groups that depend on nothing but the entries in them and shortly before, so
 * that the next commit's archive has most groups in common with this one.
 */
public final class ContextArchive implements TreeWalk.Visitor {
  /**
   * The time of every file. Commits share an archive, so it cannot be one's own; and it is later
   * than 1980, where the times of zip files begin, as builds that make some would fail otherwise.
   */
  static final Instant TIME = Instant.parse("1980-02-01T00:00:00Z");

  private static final String TOP = ObjectKeys.SOURCE_FOLDER + "/";
  private static final int HEADER = 512;

  /** Bytes of a group, and of a file that is one by itself. */
  private static final long MIN_GROUP = 64 << 10;

  private static final long MAX_GROUP = GzipMembers.MAX_LENGTH / 2;

  /** Of the files behind which a group may end, one in so many does; a power of two. */
  private static final int ONE_IN = 4;

  private final PrunedTree tree;
  private final GitSettings.Limits limits;
  private final Map<String, Path> replaced;
  private final GzipMembers members;
  private final TarArchiveOutputStream tar;
  private final Deque<String> open = new ArrayDeque<>();
  private final List<Item> group = new ArrayList<>();
  private long groupBytes;
  private long bytes;

  /**
   * An entry that is to be written.
   *
   * @param key tells it from all other entries
   */
  private record Item(String key, GzipMembers.Content content) {}

  private ContextArchive(
      PrunedTree tree, GitSettings.Limits limits, Map<String, Path> replaced, GzipMembers members) {
    this.tree = tree;
    this.limits = limits;
    this.replaced = replaced;
    this.members = members;
    this.tar = new TarArchiveOutputStream(members, ISO_8859_1.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  /**
   * Writes everything and leaves the stream open.
   *
   * @param replaced content of files that git has only pointers of, by the pointers' raw paths
   */
  public static void write(
      PrunedTree tree, GitSettings.Limits limits, Map<String, Path> replaced, GzipMembers to)
      throws IOException, RejectedException, UnavailableException {
    ContextArchive archive = new ContextArchive(tree, limits, replaced, to);
    archive.folder("");
    TreeWalk.through(tree, limits.sourceFiles(), archive);
    archive.endGroup();
    to.add("end", archive.tar::finish);
    to.flush();
  }

  @Override
  public void folder(String path, CommitTree.Found folder) throws IOException {
    leave(path);
    open.addLast(path);
    if (path.equals(tree.context())) {
      writeOpen();
    }
  }

  @Override
  public void emptyFolder(String path, CommitTree.Found folder) throws IOException {
    writeOpen();
  }

  /** Forgets folders in which a path is not: git makes none without a file in it either. */
  private void leave(String path) {
    while (!open.isEmpty() && !path.startsWith(open.getLast() + "/")) {
      open.removeLast();
    }
  }

  private void writeOpen() throws IOException {
    for (String path : open) {
      folder(path);
    }
    open.clear();
  }

  private void folder(String path) throws IOException {
    String name = path.isEmpty() ? TOP : TOP + path + "/";
    add(HEADER, new Item("folder " + path, () -> put(new TarArchiveEntry(name), 0755)));
  }

  @Override
  public void file(String path, CommitTree.Found found)
      throws IOException, RejectedException, UnavailableException {
    leave(path);
    writeOpen();
    if (found.isLink()) {
      link(path, found);
      return;
    }
    Optional<Path> elsewhere = Optional.ofNullable(replaced.get(path));
    long size =
        elsewhere.isPresent()
            ? Files.size(elsewhere.get())
            : found.in().reader().getObjectSize(found.id(), Constants.OBJ_BLOB);
    check(path, found, size);
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path);
    entry.setSize(size);
    int mode = FileMode.EXECUTABLE_FILE.equals(found.mode()) ? 0755 : 0644;
    Item item =
        new Item(
            "%s %o %s %d %s"
                .formatted(
                    elsewhere.isPresent() ? "lfs" : "file", mode, found.id().name(), size, path),
            () -> {
              begin(entry, mode);
              if (elsewhere.isPresent()) {
                Files.copy(elsewhere.get(), tar);
              } else {
                found.in().reader().open(found.id(), Constants.OBJ_BLOB).copyTo(tar);
              }
              tar.closeArchiveEntry();
            });
    if (size > MAX_GROUP) {
      endGroup();
      add(size, item);
      endGroup();
    } else {
      add(HEADER + size, item);
      if (groupBytes >= MIN_GROUP && found.id().getFirstByte() % ONE_IN == 0) {
        endGroup();
      }
    }
  }

  private void check(String path, CommitTree.Found found, long size) throws RejectedException {
    bytes += size;
    if (size > limits.fileBytes()) {
      throw tooMuch(
          "the file %s has %d bytes".formatted(printable(path), size),
          found,
          "TARKILN_SOURCE_LIMIT_FILE_BYTES=" + limits.fileBytes());
    }
    if (bytes > limits.sourceBytes()) {
      throw tooMuch(
          "the build context has more than %d bytes".formatted(limits.sourceBytes()),
          found,
          "TARKILN_SOURCE_LIMIT_BYTES");
    }
  }

  private void link(String path, CommitTree.Found found)
      throws IOException, RejectedException, UnavailableException {
    String target = found.target();
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    add(HEADER, new Item("link " + found.id().name() + " " + path, () -> put(entry, 0777)));
  }

  private void add(long size, Item item) throws IOException {
    group.add(item);
    groupBytes += size;
    if (groupBytes >= MAX_GROUP) {
      endGroup();
    }
  }

  private void endGroup() throws IOException {
    if (group.isEmpty()) {
      return;
    }
    MessageDigest digest = Digests.sha256();
    for (Item item : group) {
      digest.update(item.key().getBytes(ISO_8859_1));
      digest.update((byte) 0);
    }
    members.add(
        Digests.hex(digest),
        () -> {
          for (Item item : group) {
            item.content().write();
          }
        });
    group.clear();
    groupBytes = 0;
  }

  private void put(TarArchiveEntry entry, int mode) throws IOException {
    begin(entry, mode);
    tar.closeArchiveEntry();
  }

  private void begin(TarArchiveEntry entry, int mode) throws IOException {
    entry.setMode(mode);
    entry.setLastModifiedTime(FileTime.from(TIME));
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
  }

  private static RejectedException tooMuch(String what, CommitTree.Found found, String variable) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "%s in %s: choose a smaller context, name more in .dockerignore, or raise the checkout-worker's %s"
            .formatted(what, found.in().where(), variable));
  }
}
