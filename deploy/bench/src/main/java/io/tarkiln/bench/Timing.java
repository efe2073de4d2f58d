package io.tarkiln.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long one way took.
 *
 * @param name of the way
 * @param least of all rounds
 * @param median of all rounds
 * @param most of all rounds
 */
public record Timing(String name, Duration least, Duration median, Duration most) {
  static Timing of(String name, List<Duration> times) {
    List<Duration> sorted = times.stream().sorted().toList();
    return new Timing(
        name, sorted.get(0), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
  }

  /** How many times faster than the other, by their medians. */
  public double fasterThan(Timing other) {
    return (double) other.median.toNanos() / median.toNanos();
  }
}
