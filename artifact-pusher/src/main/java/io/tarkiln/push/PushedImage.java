package io.tarkiln.push;

import io.tarkiln.build.Grammar;

/**
 * An image that is in the registry by its digest; also the content of {@code image.json}.
 *
 * @param image registry and repository
 * @param bytesSent of blobs
 */
public record PushedImage(
    String image,
    String digest,
    String mediaType,
    long bytesSent,
    int blobsSent,
    int blobsMounted,
    int blobsSkipped) {
  public PushedImage {
    Grammar.text("image", image);
    Grammar.text("digest", digest);
    Grammar.text("mediaType", mediaType);
  }
}
