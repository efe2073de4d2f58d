package io.tarkiln.store;

import static io.tarkiln.store.S3Calls.call;
import static io.tarkiln.store.S3Calls.never;
import static io.tarkiln.store.S3Calls.when;
import static io.tarkiln.store.S3Calls.whenMissing;
import static io.tarkiln.store.S3Calls.whenStatus;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.http.LengthCheckedStream;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One S3 bucket. Every method may block for the client's time-outs and throws {@link
 * UnavailableException} when the store does not answer or refuses; trying again is always safe.
 */
public final class ObjectStore implements AutoCloseable {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Client s3;
  private final String bucket;
  private final WriteOnceCheck writeOnceCheck = new WriteOnceCheck(this);

  public ObjectStore(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** Connects as the settings say; nothing is sent yet. */
  public static ObjectStore connect(Settings settings) {
    return new ObjectStore(S3Clients.of(settings), settings.bucket());
  }

  /** The size of an object in bytes, or empty when there is none. */
  public OptionalLong size(String key) throws UnavailableException {
    return call(
        "look at",
        key,
        () -> OptionalLong.of(head(key).contentLength()),
        whenMissing(OptionalLong.empty()));
  }

  public boolean exists(String key) throws UnavailableException {
    return size(key).isPresent();
  }

  /** When an object was written or {@linkplain #touch touched}, by the server's clock. */
  public Optional<Instant> written(String key) throws UnavailableException {
    return call(
        "look at", key, () -> Optional.of(head(key).lastModified()), whenMissing(Optional.empty()));
  }

  /**
   * Makes an object count as written now, so that a lifecycle rule does not take it away soon:
   * copies it onto itself, within the server. Amazon S3 wants its metadata replaced then
   * (CopyObject).
   *
   * @return whether it was; false where there is none, or the server does not do it, as with more
   *     than 5 GiB
   */
  public boolean touch(String key) throws UnavailableException {
    return call(
        "renew",
        key,
        () -> {
          s3.copyObject(
              r ->
                  r.sourceBucket(bucket)
                      .sourceKey(key)
                      .destinationBucket(bucket)
                      .destinationKey(key)
                      .metadataDirective(MetadataDirective.REPLACE));
          return true;
        },
        when(
            refused -> refused.statusCode() / 100 == 4 || refused.statusCode() == NOT_IMPLEMENTED,
            false));
  }

  /** A small object as a whole: at most 32 MiB, which nothing that we write ever is. */
  public Optional<byte[]> read(String key) throws UnavailableException {
    return read(key, SmallObject.MOST_BYTES);
  }

  /** A small object as a whole, of at most so many bytes; one that has more is not ours. */
  public Optional<byte[]> read(String key, int mostBytes) throws UnavailableException {
    return SmallObject.read(this, key, mostBytes);
  }

  /** An object as a stream, or empty when there is none. Close it. */
  public Optional<InputStream> open(String key) throws UnavailableException {
    return call(
        "open",
        key,
        () -> Optional.of(lengthChecked(s3.getObject(r -> r.bucket(bucket).key(key)))),
        whenMissing(Optional.empty()));
  }

  /**
   * {@code length} bytes of an object from {@code offset} on, or empty when there is none.
   *
   * @param version which one is meant, as {@link End} has it
   * @throws UnavailableException when another has been written in its place, too
   */
  public Optional<InputStream> open(String key, String version, long offset, long length)
      throws UnavailableException {
    String range = "bytes=%d-%d".formatted(offset, offset + length - 1);
    return call(
        "open",
        key,
        () ->
            Optional.of(
                lengthChecked(
                    s3.getObject(r -> r.bucket(bucket).key(key).range(range).ifMatch(version)))),
        whenMissing(Optional.empty()));
  }

  /**
   * How an object begins or ends. Close it.
   *
   * @param size of the whole object in bytes
   * @param version tells it from one that is written in its place (its entity tag)
   */
  public record End(InputStream content, long size, String version) implements AutoCloseable {
    private static final End EMPTY = new End(InputStream.nullInputStream(), 0, "");

    @Override
    public void close() throws IOException {
      content.close();
    }
  }

  /** The first bytes of an object, at most {@code length}, or empty when there is no object. */
  public Optional<End> beginning(String key, int length) throws UnavailableException {
    return end(key, "bytes=0-" + (length - 1), Long.MAX_VALUE);
  }

  /** The last bytes of an object, at most {@code length}, or empty when there is no object. */
  public Optional<End> ending(String key, int length) throws UnavailableException {
    return end(key, "bytes=-" + length, length);
  }

  /**
   * One end.
   *
   * @param whole how long the object may be where a server answers with all of it, in bytes
   */
  private Optional<End> end(String key, String range, long whole) throws UnavailableException {
    return call(
        "open",
        key,
        () -> {
          ResponseInputStream<GetObjectResponse> in =
              s3.getObject(r -> r.bucket(bucket).key(key).range(range));
          String of = in.response().contentRange(); // "bytes 0-99/1234"
          long size =
              of == null
                  ? in.response().contentLength()
                  : Long.parseLong(of.substring(of.indexOf('/') + 1));
          if (of == null && size > whole) {
            in.abort();
            throw new UnavailableException("S3 answers %s with all of %s".formatted(range, key));
          }
          return Optional.of(new End(lengthChecked(in), size, in.response().eTag()));
        },
        whenMissing(Optional.<End>empty())
            .or(whenStatus(RANGE_NOT_SATISFIABLE, Optional.of(End.EMPTY))));
  }

  /** Writes a small object, over one that is there. */
  public void write(String key, byte[] bytes) throws UnavailableException {
    call(
        "write",
        key,
        () -> s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(bytes)),
        never());
  }

  /**
   * Writes a small object unless there is one.
   *
   * @return whether this call wrote it; exactly one of many callers is told so
   */
  public boolean writeOnce(String key, byte[] bytes) throws UnavailableException {
    return call(
        "write",
        key,
        () -> {
          s3.putObject(
              r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromBytes(bytes));
          return true;
        },
        when(ObjectStore::isThere, false));
  }

  /** Whether the server keeps this promise. */
  public WriteOnceCheck writeOnceCheck() {
    return writeOnceCheck;
  }

  /** Whether this is the answer to who writes only where there is no object. */
  static boolean isThere(S3Exception refused) {
    return refused.statusCode() == PRECONDITION_FAILED || refused.statusCode() == CONFLICT;
  }

  /** Begins an object of unknown size; it appears when completed, as a whole. */
  public ObjectUpload upload(String key) {
    return new ObjectUpload(s3, bucket, key);
  }

  public void delete(String key) throws UnavailableException {
    call("delete", key, () -> s3.deleteObject(r -> r.bucket(bucket).key(key)), never());
  }

  /** All keys with the prefix, in order. */
  public List<String> list(String prefix) throws UnavailableException {
    return call(
        "list",
        prefix,
        () ->
            s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList(),
        whenMissing(List.of()));
  }

  /** When each object with the prefix was last written, by key. */
  public Map<String, Instant> writtenBelow(String prefix) throws UnavailableException {
    return call(
        "list",
        prefix,
        () ->
            s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream()
                .collect(Collectors.toMap(S3Object::key, S3Object::lastModified)),
        whenMissing(Map.of()));
  }

  /** The rules by which the bucket deletes objects. */
  public BucketLifecycle lifecycle() {
    return new BucketLifecycle(s3, bucket);
  }

  /** Makes the bucket unless it is there. */
  public void createBucket() throws UnavailableException {
    call(
        "create bucket",
        bucket,
        () -> {
          s3.createBucket(r -> r.bucket(bucket));
          return true;
        },
        whenStatus(CONFLICT, false));
  }

  /** Asks whether the bucket is there and may be used, for health checks. */
  public void check() throws UnavailableException {
    call("look at", "bucket " + bucket, () -> s3.headBucket(r -> r.bucket(bucket)), never());
  }

  @Override
  public void close() {
    s3.close();
  }

  private static InputStream lengthChecked(ResponseInputStream<GetObjectResponse> in) {
    return in.response().contentLength() == null
        ? in
        : new LengthCheckedStream(in, in.response().contentLength());
  }

  private HeadObjectResponse head(String key) {
    return s3.headObject(r -> r.bucket(bucket).key(key));
  }

  /** Tells a caller that a stream from this store broke. */
  public static UnavailableException broken(String key, IOException cause) {
    return new UnavailableException("reading %s from S3 broke off".formatted(key), cause);
  }
}
