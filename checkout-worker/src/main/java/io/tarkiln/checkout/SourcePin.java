package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Grammar;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.StoredJson;
import java.util.Optional;

/**
 * The commit that a build's revision meant when it was first looked at: {@code source.json}.
 *
 * @param revision as the request wrote it
 */
record SourcePin(String repository, String revision, String commit) {
  SourcePin {
    Grammar.objectId("commit", Grammar.text("commit", commit));
  }

  /** What was pinned before, if anything. */
  static Optional<SourcePin> read(ObjectStore store, BuildId build) throws UnavailableException {
    return StoredJson.read(store, Keys.sourcePin(build), SourcePin.class);
  }

  /** Pins a commit, once and for all. */
  static void write(ObjectStore store, BuildId build, BuildRequested.Source source, String commit)
      throws UnavailableException {
    SourcePin pin = new SourcePin(source.repository(), source.revision(), commit);
    if (!StoredJson.pinned(store, Keys.sourcePin(build), pin, SourcePin.class).equals(pin)) {
      throw new UnavailableException("another checkout pinned the build at the same moment");
    }
  }
}
