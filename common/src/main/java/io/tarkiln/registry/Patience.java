package io.tarkiln.registry;

import java.time.Duration;

/**
 * How often something is tried while a registry does not answer, before the whole push is left for
 * later.
 *
 * @param attempts without anything coming of them; whenever bytes have arrived, counting begins
 *     anew
 * @param first wait, which doubles each time
 * @param longest wait, also where the registry asks for a longer one
 */
public record Patience(int attempts, Duration first, Duration longest) {
  /** About half a minute. */
  public static final Patience DEFAULT =
      new Patience(7, Duration.ofMillis(300), Duration.ofSeconds(30));

  public Patience {
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("patience wants attempts, and waits that grow");
    }
  }
}
