package io.tarkiln.checkout;

import static io.tarkiln.checkout.SourceTree.printable;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;

/**
 * Writes a pruned tree as tar.gz, straight from git's objects. The same tree makes the same bytes:
 * order, owner and times are fixed. Everything is below one folder, because Argo strips a single
 * top-level entry (artifact loading, seen in 3.7).
 *
 * <p>Names are written as the bytes that git has, whatever their encoding.
 */
final class SourceArchive implements SourceWalk.Visitor {
  /**
   * The time of every file. Commits share an archive, so it cannot be one's own; and it is later
   * than 1980, where the times of zip files begin, as builds that make some would fail otherwise.
   */
  static final Instant TIME = Instant.parse("1980-02-01T00:00:00Z");

  private static final String TOP = "source/";
  private static final int BUFFER = 64 << 10;

  private final PrunedTree tree;
  private final GitSettings.Limits limits;
  private final Map<ObjectId, Path> replaced;
  private final TarArchiveOutputStream tar;
  private final GZIPOutputStream gzip;
  private long bytes;

  private SourceArchive(
      PrunedTree tree, GitSettings.Limits limits, Map<ObjectId, Path> replaced, OutputStream to)
      throws IOException {
    this.tree = tree;
    this.limits = limits;
    this.replaced = replaced;
    this.gzip = new Fast(to);
    this.tar = new TarArchiveOutputStream(gzip, ISO_8859_1.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  /**
   * Writes everything and leaves the stream open.
   *
   * @param replaced content of files that git has only pointers of, by the pointers' ids
   */
  static void write(
      PrunedTree tree, GitSettings.Limits limits, Map<ObjectId, Path> replaced, OutputStream to)
      throws IOException, RejectedException, UnavailableException {
    SourceArchive archive = new SourceArchive(tree, limits, replaced, to);
    archive.put(new TarArchiveEntry(TOP), 0755);
    archive.tar.closeArchiveEntry();
    SourceWalk.through(tree, limits.sourceFiles(), archive);
    archive.tar.finish();
    archive.gzip.finish();
  }

  @Override
  public void folder(String path) throws IOException {
    put(new TarArchiveEntry(TOP + path + "/"), 0755);
    tar.closeArchiveEntry();
  }

  @Override
  public void file(String path, SourceTree.Found found)
      throws IOException, RejectedException, UnavailableException {
    if (found.isLink()) {
      link(path, found);
    } else if (replaced.containsKey(found.id())) {
      Path content = replaced.get(found.id());
      begin(path, found, Files.size(content));
      Files.copy(content, tar);
      tar.closeArchiveEntry();
    } else {
      ObjectLoader content = found.in().reader().open(found.id());
      begin(path, found, content.getSize());
      content.copyTo(tar);
      tar.closeArchiveEntry();
    }
  }

  private void begin(String path, SourceTree.Found found, long size)
      throws IOException, RejectedException {
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
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path);
    entry.setSize(size);
    put(entry, FileMode.EXECUTABLE_FILE.equals(found.mode()) ? 0755 : 0644);
  }

  private void link(String path, SourceTree.Found found)
      throws IOException, RejectedException, UnavailableException {
    String target = found.target();
    Optional<String> end = Links.resolve(path, target);
    if (end.isEmpty() || !tree.mayLink(path, end.get())) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the link %s in %s leads out of the build context, to '%s'"
              .formatted(printable(path), found.in().where(), printable(target)));
    }
    TarArchiveEntry entry = new TarArchiveEntry(TOP + path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    put(entry, 0777);
    tar.closeArchiveEntry();
  }

  private void put(TarArchiveEntry entry, int mode) throws IOException {
    entry.setMode(mode);
    entry.setLastModifiedTime(FileTime.from(TIME));
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
  }

  private static RejectedException tooMuch(String what, SourceTree.Found found, String variable) {
    return new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "%s in %s: choose a smaller context, or raise the checkout-worker's %s"
            .formatted(what, found.in().where(), variable));
  }

  /** Sources are read once and soon expire, so time counts more than size. */
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
