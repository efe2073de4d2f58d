package io.tarkiln.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times several ways to do the same, in rounds of which each runs every way once. */
public final class Paired {
  /** One way to do it; what it prepares is not timed. */
  public interface Way {
    /** Brings the world into the state before; not timed. */
    default void prepare() throws Exception {}

    /** Does it once. */
    void run() throws Exception;
  }

  private final Map<String, Way> ways = new LinkedHashMap<>();

  /** Adds a way; the first one is what the others are compared with. */
  public Paired way(String name, Way way) {
    ways.put(name, way);
    return this;
  }

  /** Runs every way so many times, after one round that does not count. */
  public List<Timing> rounds(int rounds) throws Exception {
    Map<String, List<Duration>> times = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Way> each : ways.entrySet()) {
        each.getValue().prepare();
        long start = System.nanoTime();
        each.getValue().run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (round > 0) {
          times.computeIfAbsent(each.getKey(), name -> new ArrayList<>()).add(took);
        }
      }
    }
    return times.entrySet().stream().map(e -> Timing.of(e.getKey(), e.getValue())).toList();
  }
}
