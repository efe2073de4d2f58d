package io.tarkiln.registry.http;

import io.tarkiln.retry.ExponentialBackoff;
import java.time.Duration;

/**
 * How often something is tried while a registry does not answer, before the whole push is left for
 * later.
 *
 * @param attempts without anything coming of them; whenever bytes have arrived, counting begins
 *     anew
 * @param first wait, which doubles each time
 * @param longest wait, also where the registry asks for a longer one
 * @param answer how long to wait for the answer to a small request before it counts as lost; one
 *     that changes what the registry stores may take longer
 */
public record RetryPolicy(int attempts, Duration first, Duration longest, Duration answer) {
  /** About half a minute, unless answers are lost. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(7, Duration.ofMillis(300), Duration.ofSeconds(30));

  /** With 15 seconds for an answer. */
  public RetryPolicy(int attempts, Duration first, Duration longest) {
    this(attempts, first, longest, Duration.ofSeconds(15));
  }

  public RetryPolicy {
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("retries want attempts, and waits that grow");
    }
  }

  /** The waits where the registry does not ask for others. */
  ExponentialBackoff backoff() {
    return new ExponentialBackoff(first, longest);
  }
}
