package io.tarkiln.bench.push;

import java.util.List;

/**
 * What a registry has before a push.
 *
 * @param before key of a tar that is in the target repository already; empty for none
 * @param mountFrom repositories that have some of the layers
 * @param target how many times faster than the first way the service should be
 */
record Case(String name, String before, List<String> mountFrom, double target) {
  static List<Case> all(String size) {
    return List.of(
        new Case("base mountable", "", List.of("base/" + size), 3),
        new Case("nothing there", "", List.of(), 1.3),
        new Case("everything there", size + "/image.tar", List.of(), 5),
        new Case("small layer changed", size + "/before.tar", List.of(), 0));
  }
}
