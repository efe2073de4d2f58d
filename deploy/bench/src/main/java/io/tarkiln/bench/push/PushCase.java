package io.tarkiln.bench.push;

import java.util.List;

/**
 * What a registry has before a push.
 *
 * @param before key of a tar that is in the target repository already; empty for none
 * @param mountFrom repositories that have some of the layers
 * @param target how many times faster than the first way the service should be
 */
record PushCase(String name, String before, List<String> mountFrom, double target) {
  static List<PushCase> all(String size) {
    return List.of(
        new PushCase("base mountable", "", List.of("base/" + size), 3),
        new PushCase("nothing there", "", List.of(), 1.3),
        new PushCase("everything there", size + "/image.tar", List.of(), 5),
        new PushCase("small layer changed", size + "/before.tar", List.of(), 0));
  }
}
