package io.tarkiln.submit;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/** Believes of a rewritten Dockerfile that it is the build's own, and there. */
record RewriteClaim(ObjectStore store, CheckedOutBuilds builds)
    implements Claim<DockerfileRewritten> {
  @Override
  public Optional<Objection> objection(Event<DockerfileRewritten> event)
      throws UnavailableException {
    DockerfileRewritten rewritten = event.data();
    String dockerfile = ObjectKeys.rewrittenDockerfile(event.build(), rewritten.service());
    Optional<Objection> foreign =
        builds.objection(event, service -> service.contradiction(rewritten.input(), dockerfile));
    return foreign.isPresent() || store.exists(dockerfile)
        ? foreign
        : Optional.of(
            new Objection(
                Objection.Code.NOT_YET_TRUE,
                "no object %s in S3: nobody has rewritten this Dockerfile, or it has expired"
                    .formatted(dockerfile)));
  }
}
