package io.tarkiln.rewrite;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.claim.CheckedOutBuilds;
import io.tarkiln.claim.Claim;
import io.tarkiln.claim.Objection;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.store.ObjectKeys;
import java.util.Optional;

/** Believes of a source what was checked out for the build, and no other objects. */
record SourceClaim(CheckedOutBuilds builds) implements Claim<SourceCheckedOut> {
  @Override
  public Optional<Objection> objection(Event<SourceCheckedOut> event) throws UnavailableException {
    SourceCheckedOut source = event.data();
    String dockerfile = ObjectKeys.dockerfile(event.build(), source.service());
    return builds.objection(event, service -> service.contradiction(source.input(), dockerfile));
  }
}
