package io.tarkiln.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.git.host.GitAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;

/**
 * Knows repositories of SHA-256 ids (gitformat, "hash-function-transition"), which JGit cannot read
 * and does not name.
 */
final class ObjectFormat {
  /** How JGit quotes a ref whose id has 64 digits. */
  private static final Pattern SHOWN = Pattern.compile("(?i)advertisement[^']*'?[0-9a-f]{64}\\b");

  private ObjectFormat() {}

  /** A repository of this machine has such ids. */
  static final class UnknownException extends IOException {
    private static final long serialVersionUID = 1L;

    UnknownException(Path repository) {
      super(repository + " has ids of SHA-256");
    }
  }

  /** Fails where a folder is such a repository. */
  static void check(Path repository) throws IOException {
    for (Path file : List.of(repository.resolve("config"), repository.resolve(".git/config"))) {
      if (Files.isRegularFile(file)) {
        Config config = new Config();
        try {
          config.fromText(new String(Files.readAllBytes(file), ISO_8859_1));
        } catch (ConfigInvalidException broken) {
          continue; // JGit says so.
        }
        if ("sha256".equalsIgnoreCase(config.getString("extensions", null, "objectformat"))) {
          throw new UnknownException(repository);
        }
      }
    }
  }

  /** Whether a failure comes of such ids. */
  static boolean isUnknown(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownException
          || SHOWN.matcher(String.valueOf(cause.getMessage())).find()) {
        return true;
      }
    }
    return false;
  }

  static RejectedException refused(GitAddress address, Throwable failure) {
    return new RejectedException(
        Reason.BAD_REQUEST,
        "%s is a repository of SHA-256 ids, which are not supported: only those of SHA-1 are"
            .formatted(address),
        failure);
  }
}
