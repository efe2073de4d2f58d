package io.tarkiln.event;

import io.tarkiln.build.Grammar;
import java.util.List;

/**
 * What all services of a build have in common; every event on the way to the registry carries it,
 * so that no stage needs to look anything up.
 *
 * @param services names of all services of the build: tags are set when all of them are there
 * @param repository address of the git repository, without credentials
 * @param commit full id of the commit that the revision meant
 */
public record BuildPlan(
    String tag,
    List<String> extraTags,
    List<String> services,
    String repository,
    String revision,
    String commit,
    boolean cache,
    boolean mirror) {
  public BuildPlan {
    Grammar.tag("plan.tag", Grammar.text("plan.tag", tag));
    extraTags = extraTags == null ? List.of() : List.copyOf(extraTags);
    extraTags.forEach(extra -> Grammar.tag("plan.extraTags", extra));
    services = List.copyOf(Grammar.present("plan.services", services));
    services.forEach(service -> Grammar.name("plan.services", service));
    Grammar.text("plan.repository", repository);
    Grammar.text("plan.revision", revision);
    Grammar.objectId("plan.commit", Grammar.text("plan.commit", commit));
  }
}
