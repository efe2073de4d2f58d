package io.tarkiln.build;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names one build: a UUIDv7, which holds its own start time in milliseconds (RFC 9562, section
 * 5.7), so that a consumer finds a build's records from the id alone.
 */
public record BuildId(UUID uuid) implements Comparable<BuildId> {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(5);
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  public BuildId {
    Objects.requireNonNull(uuid, "uuid");
    if (uuid.version() != 7 || uuid.variant() != 2) {
      throw new IllegalArgumentException("a build id is a UUIDv7, and " + uuid + " is not one");
    }
  }

  /** Makes a new id for a build that starts now. */
  public static BuildId next() {
    return at(Instant.now());
  }

  /** Makes a new id for a build that starts at the given time. */
  public static BuildId at(Instant start) {
    long random = RANDOM.nextLong();
    long high = (start.toEpochMilli() << 16) | 0x7000L | (random & 0x0fffL);
    long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new BuildId(new UUID(high, low));
  }

  /**
   * Reads an id in its usual form of 36 characters; upper case is folded.
   *
   * @throws IllegalArgumentException when the text is no UUIDv7
   */
  @JsonCreator
  public static BuildId parse(String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    if (!CANONICAL.matcher(folded).matches()) {
      throw new IllegalArgumentException("a build id is a UUIDv7, and '" + text + "' is not one");
    }
    return new BuildId(UUID.fromString(folded));
  }

  /** When the build was asked for, to the millisecond. */
  public Instant start() {
    return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
  }

  /**
   * Whether it tells of a time that is yet to come, by more than clocks may differ. Nobody makes
   * such an id in good faith, and it would be newer than every build to come until then.
   */
  public boolean isAhead(Instant now) {
    return start().isAfter(now.plus(MAX_CLOCK_DIFFERENCE));
  }

  @Override
  public int compareTo(BuildId other) {
    return toString().compareTo(other.toString());
  }

  @JsonValue
  @Override
  public String toString() {
    return uuid.toString();
  }
}
