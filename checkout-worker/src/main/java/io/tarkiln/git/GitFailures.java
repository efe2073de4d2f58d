package io.tarkiln.git;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.HostPolicy;
import java.util.Locale;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** Tells from what JGit throws whether trying again can help. */
final class GitFailures {
  private GitFailures() {}

  /** The outcome that a failure of fetching from an address stands for. */
  static BuildException of(Throwable failure, GitAddress address) {
    String said = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      said += " " + cause.getMessage();
      if (cause instanceof NoRemoteRepositoryException) {
        return noRepository(address, failure);
      }
      if (cause instanceof HostPolicy.NotAllowedException) {
        return new RejectedException(
            Reason.NOT_ALLOWED, String.valueOf(cause.getMessage()), failure);
      }
      if (cause instanceof GitHttp.NoGitServerException) {
        return new RejectedException(
            Reason.NO_SUCH_REPOSITORY,
            "%s answers, but not as a git server over http does: check the address"
                .formatted(address),
            failure);
      }
    }
    String lower = said.toLowerCase(Locale.ROOT);
    if (has(
        lower,
        "not authorized",
        "authentication is required",
        "auth fail",
        "cannot log in",
        "authentication not supported",
        "no more authentication methods",
        "403 forbidden",
        "git-receive-pack not permitted",
        "permission denied",
        "not permitted on")) {
      return new RejectedException(
          Reason.AUTHENTICATION_REFUSED,
          "%s does not let us in: check TARKILN_GIT_CREDENTIALS (https) or the keys in"
                  .formatted(address)
              + " TARKILN_SSH_DIR (ssh)",
          failure);
    }
    if (has(lower, "server key did not validate", "rejected host key", "hostkey")) {
      return new RejectedException(
          Reason.AUTHENTICATION_REFUSED,
          "the host key of %s is not known: add it to known_hosts in TARKILN_SSH_DIR"
              .formatted(address),
          failure);
    }
    if (has(
        lower,
        "not found",
        "does not appear to be a git repository",
        "no such repository",
        "not a bundle", // a file: JGit takes any for a bundle
        "does not exist")) {
      return noRepository(address, failure);
    }
    return new UnavailableException(
        "cannot fetch from %s: %s".formatted(address, lastCause(failure)), failure);
  }

  private static RejectedException noRepository(GitAddress address, Throwable failure) {
    return new RejectedException(
        Reason.NO_SUCH_REPOSITORY,
        "there is no repository %s, or our account may not see it".formatted(address),
        failure);
  }

  private static boolean has(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }

  private static String lastCause(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String message =
        last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    String line = PrintableText.sentence(message).replaceAll("//[^/@ ]*@", "//***@");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }
}
