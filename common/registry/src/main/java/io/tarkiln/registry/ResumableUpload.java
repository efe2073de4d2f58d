package io.tarkiln.registry;

import io.tarkiln.registry.blob.BlobBody;
import io.tarkiln.registry.blob.BlobContent;
import io.tarkiln.registry.blob.DigestCheckpoints;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryAnswer;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.RequestRetry;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One blob on its way into a registry. Invariant: the registry has the first {@code at} bytes of it
 * in {@code session}, as far as we know; after a failure it is asked.
 */
final class ResumableUpload {
  private static final Logger LOG = LoggerFactory.getLogger(ResumableUpload.class);
  private static final String BYTES = "application/octet-stream";
  private static final long MIN_CHUNK = 512 << 10;
  private static final int TOO_LARGE = 413;

  private final RegistryConnection registry;
  private final BlobContent blob;
  private final LongConsumer sent;
  private final DigestCheckpoints checkpoints;
  private final RequestRetry retry;
  private URI session;
  private long at;
  private boolean inChunks;
  private boolean wasResumed;
  private long chunk;

  ResumableUpload(
      RegistryConnection registry,
      BlobContent blob,
      LongConsumer sent,
      BlobUploader.Sizes sizes,
      URI session) {
    this.registry = registry;
    this.blob = blob;
    this.sent = sent;
    this.checkpoints = new DigestCheckpoints(blob);
    this.retry = registry.retry();
    this.session = session;
    this.chunk = sizes.chunk();
    this.inChunks = blob.size() > sizes.whole();
  }

  void run() throws RegistryException {
    boolean taken = false;
    try {
      while (!taken) {
        taken = step();
      }
    } finally {
      if (!taken) {
        UploadSessions.cancel(registry, session);
      }
    }
  }

  /** Sends one request and draws the consequences; says whether the registry has the blob. */
  private boolean step() throws RegistryException {
    boolean isPart = inChunks && at < blob.size();
    long length = isPart ? Math.min(chunk, blob.size() - at) : blob.size() - at;
    Optional<RegistryAnswer> answer;
    try {
      answer = Optional.of(send(isPart, length));
    } catch (RegistryUnavailableException broken) {
      if (!retry.pause(Optional.empty())) {
        throw broken;
      }
      LOG.debug("an upload broke off at={} message={}", at, broken.getMessage());
      // Some proxies cut the connection instead of answering 413.
      inChunks |= blob.size() > chunk;
      return recover(!isPart);
    }
    return isPart ? partAnswered(answer.get(), length) : endAnswered(answer.get(), length);
  }

  private RegistryAnswer send(boolean isPart, long length) throws RegistryException {
    URI uri = isPart ? session : UploadSessions.last(session, blob.digest());
    RegistryRequest request =
        RegistryRequest.of(isPart ? "PATCH" : "PUT", uri, "Content-Type", BYTES);
    if (length > 0 && (isPart || at > 0)) {
      request = request.and("Content-Range", at + "-" + (at + length - 1));
    }
    try (BlobBody body = new BlobBody(blob, at, length, checkpoints, sent)) {
      try {
        return registry.once(request.with(body));
      } finally {
        body.check(); // a wrong digest is the reason behind whatever else happened
      }
    }
  }

  private boolean partAnswered(RegistryAnswer answer, long length) throws RegistryException {
    if (answer.statusCode() / 100 != 2) {
      return refused(answer, length, false);
    }
    session = UploadSessions.location(registry, answer, "a chunk");
    OptionalLong last = UploadSessions.last(answer);
    boolean isShort = last.isPresent() && last.getAsLong() >= at && last.getAsLong() < at + length;
    at = isShort ? last.getAsLong() + 1 : at + length;
    retry.succeeded();
    return false;
  }

  private boolean endAnswered(RegistryAnswer answer, long length) throws RegistryException {
    return answer.statusCode() == 201 || refused(answer, length, true);
  }

  private boolean refused(RegistryAnswer answer, long length, boolean isEnd)
      throws RegistryException {
    int status = answer.statusCode();
    boolean isTooLarge = status == TOO_LARGE && length > MIN_CHUNK;
    if (isTooLarge || (status == 400 && !inChunks && length > chunk)) {
      chunk = Math.min(chunk, Math.max(MIN_CHUNK, length / 4));
      inChunks = true;
      restart();
      return false;
    }
    if (status == 400 && wasResumed && retry.pause(Optional.of(answer))) {
      restart(); // bytes of the broken request may have come in while we asked
      return false;
    }
    boolean isLost = status == 404 || status == 416; // the session, or our place in it
    if ((isLost || RequestRetry.isPassing(answer)) && retry.pause(Optional.of(answer))) {
      inChunks |= !isLost && blob.size() > chunk;
      return recover(isEnd);
    }
    ErrorMapping.checked(answer, isEnd ? "PUT" : "PATCH", registry.image());
    throw ErrorMapping.unexpected(answer, isEnd ? "a blob" : "a chunk", registry.image());
  }

  /** Finds out where to go on; says whether the registry turns out to have the whole blob. */
  private boolean recover(boolean wasEnd) throws RegistryException {
    if (wasEnd && new BlobChecker(registry).has(blob.digest())) {
      return true;
    }
    Optional<UploadSessions.Position> there = UploadSessions.find(registry, session);
    if (there.isPresent() && there.get().at() <= blob.size()) {
      if (there.get().at() > at) {
        retry.succeeded();
      }
      wasResumed = true;
      session = there.get().session();
      at = there.get().at();
    } else {
      restart();
    }
    LOG.debug("going on with an upload at={} of={}", at, blob.size());
    return false;
  }

  private void restart() throws RegistryException {
    UploadSessions.cancel(registry, session);
    session = UploadSessions.begin(registry);
    at = 0;
    wasResumed = false;
  }
}
