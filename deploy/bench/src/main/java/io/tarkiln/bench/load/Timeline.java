package io.tarkiln.bench.load;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * When what happened in each build, in milliseconds since 1970 by the one clock of this machine.
 */
final class Timeline {
  private final ConcurrentMap<String, Map<BuildMoment, Long>> builds = new ConcurrentHashMap<>();

  /** Milliseconds between two moments, over all builds, in ascending order. */
  record Spans(List<Long> sorted) {
    /** The span that this part of all does not exceed. */
    long percentile(double part) {
      return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * sorted.size())));
    }
  }

  /**
   * Notes that something happened, unless it is noted already: what is announced twice is so once.
   */
  void note(String build, BuildMoment moment, long time) {
    Map<BuildMoment, Long> moments =
        builds.computeIfAbsent(build, first -> new EnumMap<>(BuildMoment.class));
    synchronized (moments) {
      moments.putIfAbsent(moment, time);
    }
  }

  Spans between(BuildMoment from, BuildMoment to) {
    return new Spans(
        moments()
            .filter(each -> each.containsKey(from) && each.containsKey(to))
            .map(each -> each.get(to) - each.get(from))
            .sorted()
            .toList());
  }

  /** From the first time that one happened to the last time that the other did. */
  long wholeMillis(BuildMoment from, BuildMoment to) {
    long first = times(from).mapToLong(Long::longValue).min().orElse(0);
    long last = times(to).mapToLong(Long::longValue).max().orElse(0);
    return last - first;
  }

  /** How many builds this happened in. */
  long count(BuildMoment moment) {
    return times(moment).count();
  }

  private Stream<Long> times(BuildMoment moment) {
    return moments().map(each -> each.get(moment)).filter(Objects::nonNull);
  }

  private Stream<Map<BuildMoment, Long>> moments() {
    return builds.values().stream()
        .map(
            each -> {
              synchronized (each) {
                return Map.copyOf(each);
              }
            });
  }
}
