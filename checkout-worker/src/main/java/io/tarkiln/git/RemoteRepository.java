package io.tarkiln.git;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repository at an address, as seen from our bare copy of it. Nothing is ever written to it.
 *
 * <p>Objects are asked for by their ids (git's gitprotocol-v2, "fetch": {@code want}, {@code have},
 * {@code deepen}, {@code filter}). Servers of version 2 give out any object by its id; older ones
 * may refuse.
 */
public record RemoteRepository(
    Repository local, GitAccess access, GitAddress address, GitSettings.Limits limits) {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteRepository.class);

  /** A name that no repository has, so that a server of version 2 lists no refs. */
  private static final String NO_REF = "refs/tarkiln/none";

  /** How much to fetch beside what is asked for. */
  public enum Depth {
    /** Commits without their parents. */
    SHALLOW,
    /** Commits with all of their history. */
    WHOLE_HISTORY,
    /** No commits, but what is in them. */
    OBJECTS
  }

  /** The server does not give out what was asked for in this way; another way may do. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Refs whose names begin in one of these ways, by their names; a server of an old version tells
   * of all.
   */
  public Map<String, Ref> refs(Collection<String> prefixes)
      throws RejectedException, UnavailableException {
    FetchGuard guard = new FetchGuard(limits);
    try (Transport transport = open(guard);
        FetchConnection connection =
            transport.openFetch(List.of(), prefixes.toArray(String[]::new))) {
      return connection.getRefsMap();
    } catch (IOException | RuntimeException failed) {
      throw outcome(guard.isCancelled() ? guard.tookTooLong() : failed);
    }
  }

  /**
   * Brings objects, with all that hangs on them but what the filter leaves out.
   *
   * @param have commits whose trees are all here
   * @throws RefusedException when the server knows no filters or gives out no such objects
   * @throws IOException when our copy lacks what it should have
   */
  public void fetch(Collection<ObjectId> want, Set<ObjectId> have, FilterSpec filter, Depth depth)
      throws IOException, RefusedException, RejectedException, UnavailableException {
    FetchGuard guard = new FetchGuard(limits);
    try (Transport transport = open(guard)) {
      transport.setFilterSpec(filter);
      if (depth == Depth.SHALLOW) {
        transport.setDepth(1);
      } else if (depth == Depth.WHOLE_HISTORY
          && !local.getObjectDatabase().getShallowCommits().isEmpty()) {
        transport.setDepth(Constants.INFINITE_DEPTH);
      }
      try (FetchConnection connection = transport.openFetch(List.of(), NO_REF)) {
        connection.fetch(guard, want.stream().map(RemoteRepository::wanted).toList(), have);
      }
      if (guard.isCancelled()) {
        throw guard.tookTooLong();
      }
      LOG.info("fetched from={} objects={} bytes={}", address, want.size(), guard.bytes());
    } catch (IOException | RuntimeException | OutOfMemoryError failed) {
      // JGit may notice first, and says no more than that it was cancelled.
      if (guard.isCancelled()) {
        throw outcome(guard.tookTooLong());
      }
      if (isOurs(failed)) {
        throw new IOException("the copy of %s lacks objects".formatted(address), failed);
      }
      // For files JGit's own server runs in this process, and just ends its side.
      boolean saysNothing = address.scheme().equals("file") && !(failed instanceof Error);
      if (isRefusal(failed) || saysNothing && FetchGuard.exceeded(failed, address).isEmpty()) {
        throw new RefusedException(String.valueOf(failed.getMessage()), failed);
      }
      throw outcome(failed);
    }
  }

  private Transport open(FetchGuard guard) throws IOException, UnavailableException {
    Repository guarded = new GuardedRepository(local, guard, limits.fileBytes());
    Transport transport = Transport.open(guarded, address.uri());
    access.prepare(transport, address, guard);
    return transport;
  }

  private static Ref wanted(ObjectId id) {
    return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, id.name(), id);
  }

  private static boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String said = Optional.ofNullable(cause.getMessage()).orElse("");
      // The words of git's upload-pack and of JGit's.
      if (said.contains("not our ref")
          || said.contains("not valid")
          || said.contains("unadvertised object")
          || cause instanceof PackProtocolException
              && said.contains(JGitText.get().filterRequiresCapability)) {
        return true;
      }
    }
    return false;
  }

  /** Whether something is missing here that a thin pack is made upon. */
  private static boolean isOurs(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MissingObjectException) {
        return true;
      }
    }
    return false;
  }

  /** What a failure stands for. */
  private UnavailableException outcome(Throwable failure) throws RejectedException {
    Optional<RejectedException> exceeded = FetchGuard.exceeded(failure, address);
    if (exceeded.isPresent()) {
      throw exceeded.get();
    }
    BuildException outcome = GitFailures.of(failure, address);
    if (outcome instanceof RejectedException rejected) {
      throw rejected;
    }
    return (UnavailableException) outcome;
  }
}
