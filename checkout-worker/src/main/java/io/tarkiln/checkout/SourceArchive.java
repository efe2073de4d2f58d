package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes a pruned tree as tar.gz, straight from git's objects. The same tree makes the same bytes:
 * order, owner and times are fixed. Everything is below one folder, because Argo strips a single
 * top-level entry (artifact loading, seen in 3.7).
 *
 * <p>Names are written as the bytes that git has, whatever their encoding.
 */
final class SourceArchive {
  private static final String TOP = "source/";
  private static final int MOST_ENTRIES = 1_000_000;
  private static final int COPY_BUFFER = 64 << 10;

  private final SourceTree source;
  private final long largest;
  private final ObjectChecker checker = new ObjectChecker();
  private long bytes;
  private int entries;

  SourceArchive(SourceTree source, long largest) {
    this.source = source;
    this.largest = largest;
  }

  /** Writes everything and leaves the stream open. */
  void write(PrunedTree tree, OutputStream to) throws IOException, RejectedException {
    GZIPOutputStream gzip = new Fast(to);
    TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, ISO_8859_1.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    folder(tar, TOP);
    for (PrunedTree.Entry entry : tree.entries()) {
      String path = entry.path().equals(".") ? "" : raw(entry.path());
      if (entry.found().isFolder()) {
        if (!path.isEmpty()) {
          folder(tar, TOP + path + "/");
        }
        below(tar, path.isEmpty() ? "" : path + "/", entry.found().id());
      } else {
        entry(tar, path, entry.found().mode(), entry.found().id());
      }
    }
    tar.finish();
    gzip.finish();
  }

  private void below(TarArchiveOutputStream tar, String prefix, ObjectId tree)
      throws IOException, RejectedException {
    try (TreeWalk walk = new TreeWalk(source.reader())) {
      walk.addTree(tree);
      while (walk.next()) {
        byte[] name = walk.getRawPath();
        String path = prefix + new String(name, ISO_8859_1);
        check(name, path);
        if (walk.isSubtree()) {
          folder(tar, TOP + path + "/");
          walk.enterSubtree();
        } else {
          entry(tar, path, walk.getFileMode(0), walk.getObjectId(0));
        }
      }
    }
  }

  private void check(byte[] path, String shown) throws RejectedException {
    try {
      checker.checkPath(path, 0, path.length);
    } catch (CorruptObjectException unsafe) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "'%s' is no safe file name in %s".formatted(printable(shown), source.where()),
          unsafe);
    }
  }

  private void entry(TarArchiveOutputStream tar, String path, FileMode mode, ObjectId id)
      throws IOException, RejectedException {
    if (FileMode.GITLINK.equals(mode)) {
      folder(tar, TOP + path + "/");
    } else if (FileMode.SYMLINK.equals(mode)) {
      link(tar, path, id);
    } else {
      file(tar, path, mode, id);
    }
  }

  private void folder(TarArchiveOutputStream tar, String name)
      throws IOException, RejectedException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(0755);
    put(tar, entry);
    tar.closeArchiveEntry();
  }

  private void link(TarArchiveOutputStream tar, String path, ObjectId id)
      throws IOException, RejectedException {
    String target = raw(source.link(id));
    if (Links.resolve(path, target).isEmpty()) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the link %s in %s leads out of the repository, to '%s'"
              .formatted(printable(path), source.where(), printable(target)));
    }
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    entry.setMode(0777);
    put(tar, entry);
    tar.closeArchiveEntry();
  }

  private void file(TarArchiveOutputStream tar, String path, FileMode mode, ObjectId id)
      throws IOException, RejectedException {
    ObjectLoader content = source.reader().open(id);
    bytes += content.getSize();
    if (bytes > largest) {
      throw tooMuch("%d bytes".formatted(largest));
    }
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path);
    entry.setMode(FileMode.EXECUTABLE_FILE.equals(mode) ? 0755 : 0644);
    entry.setSize(content.getSize());
    put(tar, entry);
    content.copyTo(tar);
    tar.closeArchiveEntry();
  }

  private void put(TarArchiveOutputStream tar, TarArchiveEntry entry)
      throws IOException, RejectedException {
    if (++entries > MOST_ENTRIES) {
      throw tooMuch("%d files".formatted(MOST_ENTRIES));
    }
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
  }

  private RejectedException tooMuch(String limit) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "the build context has more than %s in %s: choose a smaller context, or raise the"
                .formatted(limit, source.where())
            + " checkout-worker's TARKILN_SOURCE_LIMIT_BYTES");
  }

  /** UTF-8 bytes as characters of the same number. */
  private static String raw(String text) {
    return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
  }

  private static String printable(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** Sources are read once and soon expire, so time counts more than size. */
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, COPY_BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
