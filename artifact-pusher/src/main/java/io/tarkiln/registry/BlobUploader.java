package io.tarkiln.registry;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.imagetar.Digests;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Sends a blob: in one streamed request, or in chunks where the registry or a proxy before it
 * refuses that (some do, for large blobs). Holds no more than a buffer of it.
 *
 * @param sent hears of bytes as they go
 * @param chunk bytes in one request where a whole blob is refused
 */
public record BlobUploader(RegistryConnection registry, LongConsumer sent, long chunk) {
  private static final long CHUNK = 32L << 20;

  public BlobUploader(RegistryConnection registry, LongConsumer sent) {
    this(registry, sent, CHUNK);
  }

  /**
   * Sends a blob.
   *
   * @param begun a session that the registry has begun already
   * @throws RejectedException also when the bytes do not have the digest that names them
   */
  public void upload(BlobContent blob, Optional<URI> begun)
      throws RejectedException, UnavailableException {
    URI session = begun.isPresent() ? begun.get() : Sessions.begin(registry);
    if (!isTakenWhole(blob, session)) {
      sendInChunks(blob, Sessions.begin(registry));
    }
  }

  /** Lets the registry forget a session that is not needed. */
  public void cancel(URI session) {
    Sessions.cancel(registry, session);
  }

  private boolean isTakenWhole(BlobContent blob, URI session)
      throws RejectedException, UnavailableException {
    boolean taken = false;
    try (BlobBody body = new BlobBody(blob, 0, blob.size(), Digests.sha256(), sent)) {
      int status = put(session, blob, body);
      taken = status == 201;
      return taken;
    } catch (UnavailableException broken) {
      // Some proxies cut the connection instead of answering 413.
      if (blob.size() <= chunk) {
        throw broken;
      }
      return false;
    } finally {
      if (!taken) {
        cancel(session);
      }
    }
  }

  private int put(URI session, BlobContent blob, BlobBody body)
      throws RejectedException, UnavailableException {
    Ask ask =
        Ask.of(
                "PUT",
                Sessions.last(session, blob.digest()),
                "Content-Type",
                "application/octet-stream")
            .with(body);
    HttpResponse<byte[]> response = checked(ask, body);
    int status = response.statusCode();
    boolean isTooLarge = blob.size() > chunk && (status == 400 || status == 413);
    if (status != 201 && !isTooLarge) {
      throw Answers.unexpected(response, "a blob", registry.image());
    }
    return status;
  }

  private void sendInChunks(BlobContent blob, URI begun)
      throws RejectedException, UnavailableException {
    URI session = begun;
    boolean taken = false;
    MessageDigest digest = Digests.sha256();
    try {
      for (long at = 0; at < blob.size(); at += chunk) {
        long length = Math.min(chunk, blob.size() - at);
        try (BlobBody body = new BlobBody(blob, at, length, digest, sent)) {
          session = Sessions.location(registry, patch(session, at, body, length), "a chunk");
          digest = body.after();
        }
      }
      HttpResponse<byte[]> end =
          registry.send(Ask.of("PUT", Sessions.last(session, blob.digest())));
      taken = end.statusCode() == 201;
      if (!taken) {
        throw Answers.unexpected(end, "the end of a blob", registry.image());
      }
    } finally {
      if (!taken) {
        cancel(session);
      }
    }
  }

  private HttpResponse<byte[]> patch(URI session, long at, BlobBody body, long length)
      throws RejectedException, UnavailableException {
    return checked(
        Ask.of(
                "PATCH",
                session,
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                at + "-" + (at + length - 1))
            .with(body),
        body);
  }

  private HttpResponse<byte[]> checked(Ask ask, BlobBody body)
      throws RejectedException, UnavailableException {
    try {
      return registry.send(ask);
    } finally {
      body.check(); // a wrong digest is the reason behind whatever else happened
    }
  }
}
