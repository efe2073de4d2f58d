package io.tarkiln.store;

import io.tarkiln.settings.Settings;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Makes addresses at which one object may be read, or one be written, without an account: for a
 * while, and at most for as long as the account's own session lasts. Who knows an address has that
 * right, so it is a secret.
 */
public final class ObjectAddresses {
  private final S3Presigner signer;
  private final String bucket;

  private ObjectAddresses(S3Presigner signer, String bucket) {
    this.signer = signer;
    this.bucket = bucket;
  }

  /** Signs as the settings say; nothing is sent. */
  public static ObjectAddresses of(Settings settings) {
    return new ObjectAddresses(S3Clients.signer(settings), settings.bucket());
  }

  /** Where the object is got by GET. */
  public URI toRead(String key, Duration lifetime) {
    return URI.create(
        signer
            .presignGetObject(
                r -> r.signatureDuration(lifetime).getObjectRequest(o -> o.bucket(bucket).key(key)))
            .url()
            .toString());
  }

  /** Where the object is written by PUT, in one piece of at most 5 GiB. */
  public URI toWrite(String key, Duration lifetime) {
    return URI.create(
        signer
            .presignPutObject(
                r -> r.signatureDuration(lifetime).putObjectRequest(o -> o.bucket(bucket).key(key)))
            .url()
            .toString());
  }
}
