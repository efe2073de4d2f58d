package io.tarkiln.store;

import io.tarkiln.build.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * The rules by which a bucket deletes objects by itself; those of others are left alone. And what
 * they would do, for a server without such rules.
 */
public final class BucketLifecycle {
  private static final int NONE = 404;

  private final S3Client s3;
  private final String bucket;

  BucketLifecycle(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** Names of all rules, also of those that are not ours. */
  public List<String> ids() throws UnavailableException {
    return rules().stream().map(LifecycleRule::id).toList();
  }

  /** Puts these rules in the place of ours. */
  public void apply(List<ExpiryRule> rules) throws UnavailableException {
    List<LifecycleRule> all = new ArrayList<>(rules());
    all.removeIf(rule -> rule.id() != null && rule.id().startsWith(ExpiryRule.OURS));
    rules.forEach(rule -> all.add(made(rule)));
    S3Calls.call(
        "set the lifecycle rules of",
        "bucket " + bucket,
        () ->
            s3.putBucketLifecycleConfiguration(
                r ->
                    r.bucket(bucket)
                        .lifecycleConfiguration(configuration -> configuration.rules(all))),
        S3Calls.never());
  }

  /** Gives up all unfinished uploads, which must be nobody's any more; returns how many. */
  public int abortUploads() throws UnavailableException {
    return S3Calls.call(
        "abort uploads in",
        "bucket " + bucket,
        () -> {
          List<MultipartUpload> uploads =
              s3.listMultipartUploadsPaginator(r -> r.bucket(bucket)).uploads().stream().toList();
          uploads.forEach(
              upload ->
                  s3.abortMultipartUpload(
                      r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
          return uploads.size();
        },
        S3Calls.never());
  }

  private List<LifecycleRule> rules() throws UnavailableException {
    return S3Calls.call(
        "read the lifecycle rules of",
        "bucket " + bucket,
        () -> s3.getBucketLifecycleConfiguration(r -> r.bucket(bucket)).rules(),
        S3Calls.whenStatus(NONE, List.of()));
  }

  private static LifecycleRule made(ExpiryRule rule) {
    LifecycleRule.Builder made =
        LifecycleRule.builder()
            .id(rule.id())
            .status(ExpirationStatus.ENABLED)
            .expiration(expiration -> expiration.days(rule.days()));
    if (rule.largerThan().isPresent()) {
      return made.filter(
              LifecycleRuleFilter.builder()
                  .and(
                      and ->
                          and.prefix(rule.prefix())
                              .objectSizeGreaterThan(rule.largerThan().getAsLong()))
                  .build())
          .build();
    }
    return made.filter(LifecycleRuleFilter.builder().prefix(rule.prefix()).build())
        .abortIncompleteMultipartUpload(
            abort -> abort.daysAfterInitiation(ExpiryRule.DAYS_OF_UPLOADS))
        .build();
  }
}
