package io.tarkiln.e2e;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What happened, in its order, as somebody outside of the services saw it. */
final class Journal {
  private final List<Entry> entries = new ArrayList<>();
  private final List<Effected> effects = new ArrayList<>();

  /**
   * Something that happened.
   *
   * @param number its place in the order
   * @param who a service's process, or the test
   */
  record Entry(int number, Instant time, String who, String what) {
    @Override
    public String toString() {
      return "%s %s %s".formatted(time, who, what);
    }
  }

  /**
   * A durable change.
   *
   * @param text names the build
   * @param isRequest whether it can be kept from happening
   */
  record Effected(String process, Effect effect, String text, boolean isRequest) {}

  synchronized void add(String who, String what) {
    entries.add(new Entry(entries.size(), Instant.now(), who, what));
  }

  synchronized void add(Effected effected) {
    effects.add(effected);
  }

  synchronized List<Entry> all(Predicate<Entry> wanted) {
    return entries.stream().filter(wanted).toList();
  }

  /** What has become durable of a build. */
  synchronized List<Effected> effects(Asked build) {
    return effects.stream().filter(each -> build.isIn(each.text())).toList();
  }
}
