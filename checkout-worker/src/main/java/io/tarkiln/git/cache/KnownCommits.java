package io.tarkiln.git.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The commits whose trees a bare repository has as a whole, latest last: a file with an id per
 * line. A line is written after its objects are in place, so what dies in between is fetched again.
 */
final class KnownCommits {
  /** More would only lengthen the talk with the server. */
  private static final int MAX_TOLD = 10;

  private final Path file;
  private final Set<ObjectId> commits;

  private KnownCommits(Path file, Set<ObjectId> commits) {
    this.file = file;
    this.commits = commits;
  }

  static KnownCommits in(Path repository) throws IOException {
    Path file = repository.resolve("tarkiln-commits");
    Set<ObjectId> commits = new LinkedHashSet<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        // The last line of a process that was killed may be cut.
        if (ObjectId.isId(line)) {
          commits.add(ObjectId.fromString(line));
        }
      }
    }
    return new KnownCommits(file, commits);
  }

  synchronized boolean has(ObjectId commit) {
    return commits.contains(commit);
  }

  /** Those that a server should hear of. */
  synchronized Set<ObjectId> latest() {
    List<ObjectId> all = new ArrayList<>(commits);
    return Set.copyOf(all.subList(Math.max(0, all.size() - MAX_TOLD), all.size()));
  }

  synchronized void add(ObjectId commit) throws IOException {
    if (commits.add(commit)) {
      Files.writeString(
          file, "\n" + commit.name() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
