package io.tarkiln.policy;

import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.RepositoryNames;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds builds against the file that {@code TARKILN_POLICY} names; without one, all is allowed. The
 * first rule for a workload decides, and a workload without a rule may do nothing. The file is read
 * for every build, so that a mounted one may change; while it cannot be read, nothing is allowed.
 *
 * @param registry where images go; empty where that is not known
 */
public record Policies(Optional<Path> file, Optional<String> registry) {
  public static final String VARIABLE = "TARKILN_POLICY";

  /** No policy: all is allowed. */
  public static final Policies NONE = new Policies(Optional.empty(), Optional.empty());

  /** As the settings say; images are only looked at where the registry is set. */
  public static Policies of(Settings settings) {
    return new Policies(settings.get(VARIABLE).map(Path::of), settings.get(Settings.REGISTRY));
  }

  /** The same policy where it is known that images go to this registry, or a path in one. */
  public Policies writingTo(String known) {
    return new Policies(file, Optional.of(known));
  }

  /** How many rules there are. */
  public int count() throws UnavailableException {
    return rules().size();
  }

  /**
   * Checks whether a workload may be built from a repository.
   *
   * @throws RejectedException that names the rule's line
   */
  public void checkRepository(String workload, String address)
      throws RejectedException, UnavailableException {
    if (file.isEmpty()) {
      return;
    }
    PolicyRule rule = rule(workload);
    Optional<String> name = RepositoryName.of(address);
    if (name.isEmpty() || !PolicyRule.anyFits(rule.repositories(), name.get())) {
      throw refused(
          rule,
          "workload %s may not be built from %s, only from %s"
              .formatted(
                  workload, name.orElse("that address"), PolicyRule.shown(rule.repositories())));
    }
  }

  /** Checks whether a workload may write these images with these tags. */
  public void checkImages(
      String workload, List<String> services, String tag, List<String> extraTags)
      throws RejectedException, UnavailableException {
    if (file.isEmpty()) {
      return;
    }
    PolicyRule rule = rule(workload);
    for (String each : Stream.concat(Stream.of(tag), extraTags.stream()).toList()) {
      if (!PolicyRule.anyFits(rule.tags(), each)) {
        throw refused(
            rule,
            "workload %s may not write the tag %s, only %s"
                .formatted(workload, each, PolicyRule.shown(rule.tags())));
      }
    }
    for (String service : registry.isPresent() ? services : List.<String>of()) {
      String image = RepositoryNames.image(registry.get(), workload, service);
      if (!PolicyRule.anyFits(rule.images(), image)) {
        throw refused(
            rule,
            "workload %s may not write %s, only %s"
                .formatted(workload, image, PolicyRule.shown(rule.images())));
      }
    }
  }

  /**
   * Whether builds of a revision are trusted: they may keep layers where later builds take them
   * from. All are where the policy protects no revisions.
   *
   * @param revision as the request has it; only the full name of a ref can be protected
   */
  public boolean trusts(String workload, String revision)
      throws RejectedException, UnavailableException {
    return file.isEmpty() || rule(workload).trusts(revision);
  }

  /** Checks whether a build of a revision may write these tags. */
  public void checkTags(String workload, String revision, String tag, List<String> extraTags)
      throws RejectedException, UnavailableException {
    if (trusts(workload, revision)) {
      return;
    }
    PolicyRule rule = rule(workload);
    for (String each : Stream.concat(Stream.of(tag), extraTags.stream()).toList()) {
      if (PolicyRule.anyFits(rule.reserved(), each)) {
        throw refused(
            rule,
            "a build of '%s' may not write the tag %s of workload %s: it is reserved for builds of %s, by the full name of the ref"
                .formatted(
                    PrintableText.of(revision), each, workload, PolicyRule.shown(rule.trusted())));
      }
    }
  }

  private PolicyRule rule(String workload) throws RejectedException, UnavailableException {
    for (PolicyRule rule : rules()) {
      if (PolicyRule.anyFits(rule.workloads(), workload)) {
        return rule;
      }
    }
    throw new RejectedException(
        Reason.NOT_ALLOWED,
        "no rule of the policy is for workload %s: an operator must add one to %s"
            .formatted(workload, VARIABLE));
  }

  private static RejectedException refused(PolicyRule rule, String what) {
    return new RejectedException(
        Reason.NOT_ALLOWED, "%s (policy, line %d)".formatted(what, rule.line()));
  }

  private List<PolicyRule> rules() throws UnavailableException {
    if (file.isEmpty()) {
      return List.of();
    }
    try {
      return PolicyFile.rules(Files.readString(file.get()));
    } catch (IOException | IllegalArgumentException broken) {
      throw new UnavailableException(
          "%s=%s cannot be used: %s".formatted(VARIABLE, file.get(), broken.getMessage()), broken);
    }
  }
}
