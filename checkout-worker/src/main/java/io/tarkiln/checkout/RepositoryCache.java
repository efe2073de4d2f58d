package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FileUtils;

/**
 * Bare repositories on disk, one per address, that hold what was fetched. Losing it costs time and
 * nothing else; one that turns out to be broken is dropped and fetched anew.
 */
final class RepositoryCache {
  private final Path folder;
  private final GitAccess access;
  private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  RepositoryCache(Path folder, GitAccess access) {
    this.folder = folder;
    this.access = access;
  }

  /** A repository that has the commit. Close it. */
  record Fetched(Git git, ObjectId commit) implements AutoCloseable {
    Repository repository() {
      return git.getRepository();
    }

    @Override
    public void close() {
      git.close();
    }
  }

  /**
   * Makes a revision's commit and its files be there. Fetches of one address wait for each other.
   *
   * @throws RejectedException when there is no such repository or revision
   */
  Fetched fetch(GitAddress address, String revision)
      throws RejectedException, UnavailableException {
    String name = name(address.text());
    ReentrantLock lock = locks.computeIfAbsent(name, key -> new ReentrantLock());
    lock.lock();
    try {
      return fetched(folder.resolve(name), address, revision);
    } catch (IOException broken) {
      drop(folder.resolve(name));
      throw new UnavailableException(
          "the cached copy of %s was broken and is dropped".formatted(address), broken);
    } finally {
      lock.unlock();
    }
  }

  private Fetched fetched(Path place, GitAddress address, String revision)
      throws IOException, RejectedException, UnavailableException {
    Git git = open(place);
    try {
      Revisions revisions = new Revisions(git, access, address);
      ObjectId commit =
          revisions
              .fetch(revision)
              .orElseThrow(
                  () ->
                      new RejectedException(
                          Reason.NO_SUCH_REVISION,
                          "no revision '%s' in %s: it must be a branch, a tag or a commit"
                              .formatted(shown(revision), address)));
      return new Fetched(git, commit);
    } catch (GitAPIException failed) {
      git.close();
      BuildException outcome = GitFailures.of(failed, address);
      if (outcome instanceof RejectedException rejected) {
        throw rejected;
      }
      throw (UnavailableException) outcome;
    } catch (IOException | RejectedException | RuntimeException failed) {
      git.close();
      throw failed;
    }
  }

  private Git open(Path place) throws IOException, UnavailableException {
    try {
      if (Files.exists(place.resolve("HEAD"))) {
        return Git.open(place.toFile());
      }
      Files.createDirectories(folder);
      return Git.init().setBare(true).setGitDir(place.toFile()).setInitialBranch("none").call();
    } catch (GitAPIException failed) {
      throw new UnavailableException("cannot make a repository in " + folder, failed);
    }
  }

  private static void drop(Path place) throws UnavailableException {
    try {
      FileUtils.delete(
          place.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.RETRY);
    } catch (IOException failed) {
      throw new UnavailableException("cannot remove " + place, failed);
    }
  }

  private static String shown(String revision) {
    String line = revision.replaceAll("\\p{Cntrl}", "?");
    return line.length() > 100 ? line.substring(0, 100) + "..." : line;
  }

  private static String name(String address) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(address.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16) + ".git";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
