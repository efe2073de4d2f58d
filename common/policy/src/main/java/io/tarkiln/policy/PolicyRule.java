package io.tarkiln.policy;

import io.tarkiln.build.NameSyntax;
import java.util.List;

/**
 * What some workloads may do.
 *
 * @param line of the policy file where the rule begins, from 1
 * @param workloads whom it is for
 * @param repositories what they may be built from, as {@code host/path}
 * @param images what they may write, as {@code registry/path}
 * @param tags which tags they may write there
 * @param trusted revisions whose builds are trusted, as full names of refs; empty where all are
 * @param reserved tags that only builds of those may write
 */
record PolicyRule(
    int line,
    List<NamePattern> workloads,
    List<NamePattern> repositories,
    List<NamePattern> images,
    List<NamePattern> tags,
    List<NamePattern> trusted,
    List<NamePattern> reserved) {
  PolicyRule {
    NameSyntax.present("workloads", workloads);
    NameSyntax.present("repositories", repositories);
    NameSyntax.present("images", images);
    NameSyntax.present("tags", tags);
    NameSyntax.present("protected", trusted);
    NameSyntax.present("reserved", reserved);
  }

  /** Whether a build of a revision is trusted. */
  boolean trusts(String revision) {
    return trusted.isEmpty() || anyFits(trusted, revision);
  }

  static boolean anyFits(List<NamePattern> globs, String name) {
    return globs.stream().anyMatch(glob -> glob.fits(name));
  }

  static String shown(List<NamePattern> globs) {
    return String.join(", ", globs.stream().map(NamePattern::text).toList());
  }
}
