package io.tarkiln.git.lfs;

import io.tarkiln.build.KeyedLock;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.BoundedHttp;
import io.tarkiln.git.FetchGuard;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.cache.DiskCache;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.image.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** Git LFS's files on disk, each fetched once while it is kept. */
public final class LfsFiles {
  private static final int MAX_PER_BATCH = 100;
  private static final int BUFFER = 64 << 10;

  private final DiskCache disk;
  private final LfsServer server;
  private final BoundedHttp http;
  private final GitSettings.Limits limits;

  private final KeyedLock locks;

  public LfsFiles(DiskCache disk, GitAccess access, GitSettings.Limits limits, KeyedLock locks) {
    this.disk = disk;
    this.http = new BoundedHttp(access, limits.redirects());
    this.server = new LfsServer(access, http, limits);
    this.limits = limits;
    this.locks = locks;
  }

  /** Where a file is kept; it stays until it is {@linkplain #release released}. */
  Path acquire(GitAddress address, LfsPointer pointer) {
    return disk.acquire(name(address, pointer));
  }

  void release(GitAddress address, LfsPointer pointer) throws UnavailableException {
    disk.release(name(address, pointer));
  }

  /** Each repository has its own: whoever knows a file's id may not be allowed to have the file. */
  private static String name(GitAddress address, LfsPointer pointer) {
    return "lfs-" + DiskCache.name(address.text() + " " + pointer.oid());
  }

  /** Ends a build whose files are more than a context may have, before any is fetched. */
  void checkSum(PrunedTree pruned, Stream<LfsPointer> pointers) throws RejectedException {
    long bytes = pointers.mapToLong(LfsPointer::size).reduce(0, LfsFiles::sum);
    if (bytes > limits.sourceBytes()) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED,
          "the files in Git LFS of %s have more than the %d bytes of the checkout-worker's TARKILN_SOURCE_LIMIT_BYTES"
              .formatted(pruned.folder().in().where(), limits.sourceBytes()));
    }
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  /** Makes files be there, all of which were entered. */
  void fetch(GitAddress address, Map<LfsPointer, Path> places)
      throws IOException, RejectedException, UnavailableException {
    List<LfsPointer> missing = new ArrayList<>();
    for (Map.Entry<LfsPointer, Path> each : places.entrySet()) {
      if (each.getKey().size() > limits.fileBytes()) {
        throw new RejectedException(
            Reason.LIMIT_EXCEEDED,
            "an LFS file of %s has %d bytes: raise the checkout-worker's TARKILN_SOURCE_LIMIT_FILE_BYTES"
                .formatted(address, each.getKey().size()));
      }
      if (!Files.exists(each.getValue())) {
        missing.add(each.getKey());
      }
    }
    for (int from = 0; from < missing.size(); from += MAX_PER_BATCH) {
      List<LfsPointer> batch =
          missing.subList(from, Math.min(missing.size(), from + MAX_PER_BATCH));
      Map<String, BoundedHttp.Request> downloads =
          address.scheme().equals("file") ? Map.of() : server.downloads(address, batch);
      for (LfsPointer pointer : batch) {
        fetchOnce(address, pointer, Objects.requireNonNull(places.get(pointer)), downloads);
      }
    }
  }

  private void fetchOnce(
      GitAddress address,
      LfsPointer pointer,
      Path place,
      Map<String, BoundedHttp.Request> downloads)
      throws IOException, RejectedException, UnavailableException {
    KeyedLock.Held held = locks.take(place.toString());
    try {
      if (!Files.exists(place)) {
        download(address, pointer, place, downloads);
      }
    } finally {
      held.close();
    }
  }

  private void download(
      GitAddress address,
      LfsPointer pointer,
      Path place,
      Map<String, BoundedHttp.Request> downloads)
      throws IOException, RejectedException, UnavailableException {
    Path part = place.resolveSibling(UUID.randomUUID() + ".part");
    try (InputStream in = open(address, pointer, downloads);
        OutputStream out = Files.newOutputStream(part)) {
      MessageDigest digest = Digests.sha256();
      InputStream digested = new DigestInputStream(new FetchGuard(limits).bounded(in), digest);
      copy(digested, out, pointer.size());
      if (!Digests.hex(digest).equals(pointer.oid())) {
        throw new IOException("the content is another one");
      }
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FetchGuard.TooMuchException tooMuch) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED, "LFS of %s: %s".formatted(address, tooMuch.getMessage()), tooMuch);
    } catch (IOException failed) {
      throw new UnavailableException(
          "cannot fetch the LFS file %s of %s: %s"
              .formatted(pointer.oid(), address, failed.getMessage()),
          failed);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private InputStream open(
      GitAddress address, LfsPointer pointer, Map<String, BoundedHttp.Request> downloads)
      throws IOException, RejectedException, UnavailableException {
    if (address.scheme().equals("file")) {
      return LocalLfs.open(Path.of(address.uri().getPath()), pointer);
    }
    BoundedHttp.Request request = downloads.get(pointer.oid());
    if (request == null) {
      throw new IOException("the LFS server said nothing of it");
    }
    return http.open(request);
  }

  private static void copy(InputStream in, OutputStream out, long size) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long copied = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      copied += read;
      if (copied > size) {
        throw new IOException("it is longer than its pointer says");
      }
      out.write(buffer, 0, read);
    }
  }
}
