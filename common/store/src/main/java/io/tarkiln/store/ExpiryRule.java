package io.tarkiln.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Says when the bucket deletes objects by itself.
 *
 * @param id begins with {@value #OURS}
 * @param largerThan bytes; smaller objects stay. Image tars share their prefix with small objects,
 *     and S3 knows no patterns.
 */
public record ExpiryRule(String id, String prefix, OptionalLong largerThan, int days) {
  static final String OURS = "tarkiln-";
  private static final long LARGE = 1 << 20;

  /** Uploads that were never completed cost space and are seen in no listing. */
  static final int DAYS_OF_UPLOADS = 2;

  public ExpiryRule {
    if (days < 1) {
      throw new IllegalArgumentException("objects are kept for at least one day");
    }
  }

  /**
   * All rules: large objects go early, small ones late.
   *
   * @param large days that image tars are kept, and logs as large as these
   * @param sources days that build contexts are kept since they were last built from
   * @param small days that the record of builds is kept; more than topics keep their events, so
   *     that a consumer group that begins anew finds what was done
   */
  public static List<ExpiryRule> of(int large, int sources, int small) {
    if (small < large) {
      throw new IllegalArgumentException("the record of builds is kept longer than their tars");
    }
    return List.of(
        new ExpiryRule(OURS + "large", ObjectKeys.BUILDS, OptionalLong.of(LARGE), large),
        new ExpiryRule(OURS + "argo", "argo/", OptionalLong.empty(), large),
        new ExpiryRule(OURS + "sources", ObjectKeys.SOURCES, OptionalLong.empty(), sources),
        new ExpiryRule(OURS + "builds", ObjectKeys.BUILDS, OptionalLong.empty(), small),
        new ExpiryRule(OURS + "concurrency", ObjectKeys.CONCURRENCY, OptionalLong.empty(), small));
  }

  /** From when on objects are due, where something else than S3 itself deletes them. */
  public Duration age() {
    return Duration.ofDays(days);
  }

  /** The rule as S3's API writes it in JSON, such as {@code aws s3api} reads it. */
  public Map<String, Object> json() {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("ID", id);
    rule.put("Status", "Enabled");
    rule.put(
        "Filter",
        largerThan.isPresent()
            ? Map.of(
                "And",
                new LinkedHashMap<>(
                    Map.of("Prefix", prefix, "ObjectSizeGreaterThan", largerThan.getAsLong())))
            : Map.of("Prefix", prefix));
    rule.put("Expiration", Map.of("Days", days));
    if (largerThan.isEmpty()) {
      rule.put("AbortIncompleteMultipartUpload", Map.of("DaysAfterInitiation", DAYS_OF_UPLOADS));
    }
    return rule;
  }
}
