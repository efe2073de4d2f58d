package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/**
 * The commit that a build's revision meant when it was first looked at: {@code source.json}.
 *
 * @param revision as the request wrote it
 */
record CommitPin(String repository, String revision, String commit) {
  CommitPin {
    NameSyntax.objectId("commit", NameSyntax.text("commit", commit));
  }

  /** What was pinned before, if anything. */
  static Optional<CommitPin> read(ObjectStore store, BuildId build) throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.sourcePin(build), CommitPin.class);
  }

  /** Whether it is of this source. */
  boolean isOf(BuildRequested.Source source) {
    return source.repository().equals(repository) && source.revision().equals(revision);
  }

  /** Pins a commit, once and for all. */
  static void write(ObjectStore store, BuildId build, BuildRequested.Source source, String commit)
      throws UnavailableException {
    CommitPin pin = new CommitPin(source.repository(), source.revision(), commit);
    if (!JsonObjects.putIfAbsent(store, ObjectKeys.sourcePin(build), pin, CommitPin.class)
        .equals(pin)) {
      throw new UnavailableException("another checkout pinned the build at the same moment");
    }
  }
}
