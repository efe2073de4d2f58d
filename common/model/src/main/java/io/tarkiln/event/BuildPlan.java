package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
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
    NameSyntax.tag("plan.tag", NameSyntax.text("plan.tag", tag));
    extraTags = extraTags == null ? List.of() : List.copyOf(extraTags);
    extraTags.forEach(extra -> NameSyntax.tag("plan.extraTags", extra));
    services = List.copyOf(NameSyntax.present("plan.services", services));
    services.forEach(service -> NameSyntax.name("plan.services", service));
    NameSyntax.text("plan.repository", repository);
    NameSyntax.text("plan.revision", revision);
    NameSyntax.objectId("plan.commit", NameSyntax.text("plan.commit", commit));
  }
}
