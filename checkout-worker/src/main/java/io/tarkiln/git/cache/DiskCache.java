package io.tarkiln.git.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.Digests;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jgit.util.FileUtils;

/**
 * Files and folders on disk that may be lost at any time. When they outgrow their bound, those used
 * longest ago go first; what is in use stays. As much again is the room for what is in use: while
 * that is full, nobody else is let in.
 *
 * <p>A process claims a folder of its own below the configured one, with a lock that ends with the
 * process, however it ends. The next one takes the folder over and clears away what was half done.
 */
public final class DiskCache implements AutoCloseable {
  private static final String CLAIM = "claim";
  private static final String TRASH = "trash-";
  private static final int MAX_PROCESSES = 1000;

  private final Path folder;
  private final FileChannel claim;
  private final long most;
  private final Map<String, Item> items = new HashMap<>();

  private static final class Item {
    private int users;
    private long bytes;
    private Instant used = Instant.EPOCH;
  }

  private DiskCache(Path folder, FileChannel claim, long most) {
    this.folder = folder;
    this.claim = claim;
    this.most = most;
  }

  /**
   * Claims a folder.
   *
   * @param most bytes that are kept; more only while all is in use
   */
  public static DiskCache below(Path configured, long most) throws UnavailableException {
    try {
      for (int number = 0; number < MAX_PROCESSES; number++) {
        Path folder = Files.createDirectories(configured.resolve(Integer.toString(number)));
        Optional<FileChannel> claim = claim(folder);
        if (claim.isPresent()) {
          DiskCache cache = new DiskCache(folder, claim.get(), most);
          cache.takeOver();
          return cache;
        }
      }
    } catch (IOException failed) {
      throw new UnavailableException("cannot use TARKILN_GIT_CACHE=" + configured, failed);
    }
    throw new UnavailableException("too many processes use TARKILN_GIT_CACHE=" + configured);
  }

  private static Optional<FileChannel> claim(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(CLAIM), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException ours) {
      // Another cache of this process has it.
    }
    channel.close();
    return Optional.empty();
  }

  private void takeOver() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (isHalfDone(folder.relativize(file))) {
          Files.deleteIfExists(file);
        }
      }
    }
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        String name = child.getFileName().toString();
        if (!name.equals(CLAIM)) {
          Item item = new Item();
          item.bytes = bytes(child);
          item.used = Files.getLastModifiedTime(child).toInstant();
          items.put(name, item);
        }
      }
    }
    trim();
  }

  /** Lock files, packs on their way in (JGit's names), and what was being removed. */
  private static boolean isHalfDone(Path path) {
    String name = path.getFileName().toString();
    return path.toString().startsWith(TRASH)
        || name.endsWith(".lock")
        || name.startsWith("incoming_")
        || name.endsWith(".part");
  }

  /** A name for what a text tells from all else. */
  public static String name(String text) {
    return Digests.hex(text.getBytes(UTF_8)).substring(0, 32);
  }

  /**
   * Lets somebody in who will use items.
   *
   * @throws UnavailableException while those who are in use all the room
   */
  public void admit() throws UnavailableException {
    List<Path> used = new ArrayList<>();
    synchronized (this) {
      items.forEach(
          (name, item) -> {
            if (item.users > 0) {
              used.add(folder.resolve(name));
            }
          });
    }
    try {
      long bytes = 0;
      for (Path each : used) {
        bytes += bytes(each);
      }
      if (bytes > most) {
        throw new UnavailableException(
            "builds use %d bytes of %s, and %d are the most (TARKILN_GIT_CACHE_BYTES)"
                .formatted(bytes, folder, most));
      }
    } catch (IOException failed) {
      throw new UnavailableException("cannot keep order in " + folder, failed);
    }
  }

  /** The place of an item, whether there is anything yet; it stays until it is left as often. */
  public synchronized Path acquire(String name) {
    items.computeIfAbsent(name, key -> new Item()).users++;
    return folder.resolve(name);
  }

  /** The item is not needed any more; it counts as used now. */
  public synchronized void release(String name) throws UnavailableException {
    Item item = items.get(name);
    if (item == null) {
      return;
    }
    item.users = Math.max(0, item.users - 1);
    Path place = folder.resolve(name);
    try {
      item.bytes = bytes(place);
      item.used = Instant.now();
      if (Files.exists(place)) {
        Files.setLastModifiedTime(place, FileTime.from(item.used));
      }
      trim();
    } catch (IOException failed) {
      throw new UnavailableException("cannot keep order in " + folder, failed);
    }
  }

  /** Removes an item even while it is in use. */
  synchronized void drop(String name) throws UnavailableException {
    try {
      remove(name);
    } catch (IOException failed) {
      throw new UnavailableException("cannot remove " + folder.resolve(name), failed);
    }
  }

  /** Bytes of all items, as far as their users have left them. */
  synchronized long bytes() {
    return items.values().stream().mapToLong(item -> item.bytes).sum();
  }

  private void trim() throws IOException {
    long all = bytes();
    while (all > most) {
      Optional<Map.Entry<String, Item>> oldest =
          items.entrySet().stream()
              .filter(each -> each.getValue().users == 0)
              .min(Comparator.comparing(each -> each.getValue().used));
      if (oldest.isEmpty()) {
        return;
      }
      all -= oldest.get().getValue().bytes;
      remove(oldest.get().getKey());
    }
  }

  private void remove(String name) throws IOException {
    items.remove(name);
    Path place = folder.resolve(name);
    if (Files.exists(place)) {
      Path trash = folder.resolve(TRASH + UUID.randomUUID());
      Files.move(place, trash);
      FileUtils.delete(
          trash.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
    }
  }

  /** Bytes of all files of an item. */
  static long bytes(Path place) throws IOException {
    if (!Files.exists(place)) {
      return 0;
    }
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        place,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            // Another user of the item fetches into it, or tidies it, while we count.
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }
        });
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    claim.close();
  }
}
