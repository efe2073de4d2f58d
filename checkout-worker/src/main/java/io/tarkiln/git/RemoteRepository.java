package io.tarkiln.git;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.eclipse.jgit.transport.TransferConfig;
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

  /** What of a request a server refused. */
  public enum Refusal {
    /** To leave objects out. */
    FILTER,
    /** To give out objects that no ref of it points to. */
    OBJECTS,
    /** It does not say. */
    UNSAID
  }

  /** The server does not give out what was asked for in this way; another way may do. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal what;

    RefusedException(Refusal what, Throwable cause) {
      super(cause.getMessage(), cause);
      this.what = what;
    }

    public Refusal what() {
      return what;
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
    boolean isUnadvertised = false;
    try (Transport transport = open(guard)) {
      transport.setFilterSpec(filter);
      if (depth == Depth.SHALLOW) {
        transport.setDepth(1);
      } else if (depth == Depth.WHOLE_HISTORY
          && !local.getObjectDatabase().getShallowCommits().isEmpty()) {
        transport.setDepth(Constants.INFINITE_DEPTH);
      }
      try (FetchConnection connection = transport.openFetch(List.of(), NO_REF)) {
        // One of version 2 tells of no refs here.
        boolean isOld = !connection.getRefs().isEmpty();
        isUnadvertised = isOld && !advertised(connection).containsAll(want);
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
      if (ObjectFormat.isUnknown(failed)) {
        throw ObjectFormat.refused(address, failed);
      }
      if (isOurs(failed)) {
        throw new IOException("the copy of %s lacks objects".formatted(address), failed);
      }
      Optional<Refusal> refusal = refusal(failed);
      if (refusal.isPresent()) {
        throw new RefusedException(refusal.get(), failed);
      }
      if (FetchGuard.exceeded(failed, address).isEmpty() && !(failed instanceof Error)) {
        // Before version 2 of the protocol git gives out what refs point to, and else hangs up.
        if (isUnadvertised && !guard.hasPack()) {
          throw new RefusedException(Refusal.OBJECTS, failed);
        }
        // For files JGit's own server runs in this process, and just ends its side.
        if (address.scheme().equals("file")) {
          throw new RefusedException(Refusal.UNSAID, failed);
        }
      }
      throw outcome(failed);
    }
  }

  private static Set<ObjectId> advertised(FetchConnection connection) {
    return connection.getRefs().stream().map(Ref::getObjectId).collect(Collectors.toSet());
  }

  private Transport open(FetchGuard guard) throws IOException, UnavailableException {
    return open(guard, TransferConfig.ProtocolVersion.V2);
  }

  private Transport open(FetchGuard guard, TransferConfig.ProtocolVersion version)
      throws IOException, UnavailableException {
    if (address.scheme().equals("file")) {
      ObjectFormat.check(Path.of(address.uri().getPath()));
    }
    Repository guarded = new GuardedRepository(local, guard, limits.fileBytes(), version);
    Transport transport = Transport.open(guarded, address.uri());
    access.prepare(transport, address, guard);
    return transport;
  }

  private static Ref wanted(ObjectId id) {
    return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, id.name(), id);
  }

  private static Optional<Refusal> refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String said = Optional.ofNullable(cause.getMessage()).orElse("");
      // The words of git's upload-pack and of JGit's.
      if (said.contains("not our ref")
          || said.contains("not valid")
          || said.contains("unadvertised object")
          // A server without any commit says of nothing that it is capable of it.
          || said.contains(JGitText.get().shallowNotSupported)
          || said.contains("stateless RPC requires")) {
        return Optional.of(Refusal.OBJECTS);
      }
      if (cause instanceof PackProtocolException
          && said.contains(JGitText.get().filterRequiresCapability)) {
        return Optional.of(Refusal.FILTER);
      }
    }
    return Optional.empty();
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
    if (isOfUnknownFormat(failure)) {
      throw ObjectFormat.refused(address, failure);
    }
    return (UnavailableException) outcome;
  }

  /**
   * Whether a server hung up because of its ids: in version 2 of the protocol it does so without a
   * word, while in an older one it shows them.
   */
  private boolean isOfUnknownFormat(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null && !isHangUp(last)) {
      last = last.getCause();
    }
    if (!isHangUp(last)) {
      return false;
    }
    try (Transport transport = open(new FetchGuard(limits), TransferConfig.ProtocolVersion.V0);
        FetchConnection shown = transport.openFetch()) {
      LOG.debug("{} shows {} refs", address, shown.getRefs().size());
      return false;
    } catch (IOException | UnavailableException | RuntimeException again) {
      return ObjectFormat.isUnknown(again);
    }
  }

  private static boolean isHangUp(Throwable failure) {
    return failure instanceof EOFException || failure.getClass() == SocketException.class;
  }
}
