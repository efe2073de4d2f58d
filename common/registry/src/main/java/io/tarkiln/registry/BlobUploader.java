package io.tarkiln.registry;

import io.tarkiln.registry.blob.BlobContent;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import java.net.URI;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Sends blobs: in one streamed request, or in chunks where the blob is very large or the registry,
 * or a proxy before it, refuses the whole. Holds no more than a buffer of a blob.
 *
 * @param sent hears of bytes as they go, also of such as go again
 * @param sizes of requests
 */
public record BlobUploader(RegistryConnection registry, LongConsumer sent, Sizes sizes) {
  /**
   * How much goes in one request.
   *
   * @param whole bytes of the largest blob that is tried as a whole
   * @param chunk bytes of a part where a blob is not sent as a whole
   */
  public record Sizes(long whole, long chunk) {
    /** A whole blob costs the least; of a very large one, a part can be sent again. */
    public static final Sizes DEFAULT = new Sizes(1L << 30, 64L << 20);
  }

  public BlobUploader(RegistryConnection registry, LongConsumer sent) {
    this(registry, sent, Sizes.DEFAULT);
  }

  /** Begins a session in which a blob can be sent. */
  public URI begin() throws RegistryException {
    return UploadSessions.begin(registry);
  }

  /**
   * Sends a blob.
   *
   * @param begun a session that the registry has begun already
   * @throws RegistryRefusedException also when the bytes do not have the digest that names them
   */
  public void upload(BlobContent blob, Optional<URI> begun) throws RegistryException {
    URI session = begun.isPresent() ? begun.get() : begin();
    new ResumableUpload(registry, blob, sent, sizes, session).run();
  }

  /** Lets the registry forget a session that is not needed. */
  public void cancel(URI session) {
    UploadSessions.cancel(registry, session);
  }
}
