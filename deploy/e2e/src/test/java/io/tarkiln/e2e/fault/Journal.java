package io.tarkiln.e2e.fault;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What happened, in its order, as somebody outside of the services saw it. */
final class Journal {
  private final List<Entry> entries = new ArrayList<>();
  private final List<Effected> effects = new ArrayList<>();
  private final Map<String, Integer> starts = new HashMap<>();

  /**
   * Something that happened.
   *
   * @param number its place in the order
   * @param who a service's process, from one start to the next, or the test
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

  /** A process is about to start; returns what it is called until it starts again. */
  synchronized String starts(String process) {
    starts.merge(process, 1, Integer::sum);
    return life(process);
  }

  /** Notes what a process does that has started last under this name, or the test. */
  synchronized void add(String process, String what) {
    addOf(life(process), what);
  }

  /** Notes what one did, whoever has its process's name now. */
  synchronized void addOf(String who, String what) {
    entries.add(new Entry(entries.size(), Instant.now(), who, what));
  }

  /** The name of the process that was called so from one start to the next. */
  static String process(String who) {
    return who.substring(0, who.lastIndexOf('.'));
  }

  private String life(String process) {
    return starts.containsKey(process) ? process + "." + starts.get(process) : process;
  }

  synchronized void add(Effected effected) {
    effects.add(effected);
  }

  synchronized List<Entry> all(Predicate<Entry> wanted) {
    return entries.stream().filter(wanted).toList();
  }

  /** What has become durable of a build. */
  synchronized List<Effected> effects(RequestedBuild build) {
    return effects.stream().filter(each -> build.isIn(each.text())).toList();
  }
}
