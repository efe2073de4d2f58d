package io.tarkiln.policy;

import io.tarkiln.build.Grammar;
import java.util.List;

/**
 * What some workloads may do.
 *
 * @param line of the policy file where the rule begins, from 1
 * @param workloads whom it is for
 * @param repositories what they may be built from, as {@code host/path}
 * @param images what they may write, as {@code registry/path}
 * @param tags which tags they may write there
 */
record PolicyRule(
    int line, List<Glob> workloads, List<Glob> repositories, List<Glob> images, List<Glob> tags) {
  PolicyRule {
    Grammar.present("workloads", workloads);
    Grammar.present("repositories", repositories);
    Grammar.present("images", images);
    Grammar.present("tags", tags);
  }

  static boolean anyFits(List<Glob> globs, String name) {
    return globs.stream().anyMatch(glob -> glob.fits(name));
  }

  static String shown(List<Glob> globs) {
    return String.join(", ", globs.stream().map(Glob::text).toList());
  }
}
