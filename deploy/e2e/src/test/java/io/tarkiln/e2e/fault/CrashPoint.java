package io.tarkiln.e2e.fault;

/**
 * Where a process is killed.
 *
 * @param process that dies
 * @param effect of {@link Effect}, the same for every build
 * @param nth which of several of this name in one build, from 1
 * @param after whether the change has happened, its answer not having come back
 */
record CrashPoint(String process, String effect, int nth, boolean after) {
  @Override
  public String toString() {
    return "%s %s%s".formatted(after ? "after" : "before", effect, nth == 1 ? "" : " #" + nth);
  }
}
