package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.S3Calls.Meaning;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object on its way into S3, by multipart upload once it outgrows one part. Holds one part in
 * memory, as much of it as is written. The object appears at {@link #complete()}; closed without
 * it, nothing is left behind.
 *
 * <p>Parts grow with the object, from 8 MiB on, so that S3's limits of 10 000 parts and 5 TiB are
 * both in reach (Amazon S3 multipart upload limits).
 */
public final class ObjectUpload extends OutputStream {
  private static final int FIRST_BUFFER = 16 << 10;
  private static final int FIRST_PART = 8 << 20;
  private static final int MAX_PART = 512 << 20;
  private static final int PARTS_BEFORE_DOUBLING = 1000;

  private final S3Client s3;
  private final String bucket;
  private final String key;
  private final List<CompletedPart> parts = new ArrayList<>();
  private int partSize = FIRST_PART;
  private byte[] part = new byte[FIRST_BUFFER];
  private int filled;
  private long size;
  private String uploadId = "";
  private boolean completed;

  ObjectUpload(S3Client s3, String bucket, String key) {
    this.s3 = s3;
    this.bucket = bucket;
    this.key = key;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == partSize) {
        sendPart();
      } else if (filled == part.length) {
        part = Arrays.copyOf(part, Math.min(2 * part.length, partSize));
      }
      int step = Math.min(length - done, part.length - filled);
      System.arraycopy(bytes, offset + done, part, filled, step);
      filled += step;
      done += step;
    }
    size += length;
  }

  /** Bytes written so far. */
  public long size() {
    return size;
  }

  /** Makes the object appear, with all that was written, in the place of one that is there. */
  public void complete() throws UnavailableException {
    complete(null, S3Calls.never());
  }

  /**
   * Makes the object appear unless there is one. A server that does not know this condition for
   * what was written in parts puts it in the place of the other.
   *
   * @return whether it did; false may also mean that an answer was lost and it did before
   */
  public boolean completeOnce() throws UnavailableException {
    return complete("*", S3Calls.when(ObjectStore::isThere, false));
  }

  private boolean complete(@Nullable String unless, Meaning<Boolean> meaning)
      throws UnavailableException {
    return S3Calls.call(
        "write",
        key,
        () -> {
          appear(unless);
          completed = true;
          return true;
        },
        meaning);
  }

  private void appear(@Nullable String unless) throws UnavailableException {
    if (parts.isEmpty()) {
      s3.putObject(r -> r.bucket(bucket).key(key).ifNoneMatch(unless), body());
      return;
    }
    try {
      sendPart();
    } catch (IOException failed) {
      throw new UnavailableException("cannot write " + key + " to S3", failed);
    }
    s3.completeMultipartUpload(
        r ->
            r.bucket(bucket)
                .key(key)
                .uploadId(uploadId)
                .multipartUpload(m -> m.parts(parts))
                .ifNoneMatch(unless));
  }

  /** Gives the upload up unless it is complete. */
  @Override
  public void close() throws IOException {
    if (completed || uploadId.isEmpty()) {
      return;
    }
    completed = true;
    try {
      s3.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(uploadId));
    } catch (SdkException | UncheckedIOException failed) {
      throw new IOException("cannot abort the upload of " + key, failed);
    }
  }

  private void sendPart() throws IOException {
    try {
      if (uploadId.isEmpty()) {
        uploadId = s3.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId();
      }
      int number = parts.size() + 1;
      String tag =
          s3.uploadPart(
                  r -> r.bucket(bucket).key(key).uploadId(uploadId).partNumber(number), body())
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    } catch (SdkException | UncheckedIOException failed) {
      throw new IOException("cannot write part of " + key + " to S3", failed);
    }
    filled = 0;
    if (parts.size() % PARTS_BEFORE_DOUBLING == 0 && partSize < MAX_PART) {
      partSize *= 2;
    }
  }

  private RequestBody body() {
    byte[] bytes = part;
    int length = filled;
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }
}
