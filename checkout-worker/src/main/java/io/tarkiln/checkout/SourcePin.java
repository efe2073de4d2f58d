package io.tarkiln.checkout;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Grammar;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Json;
import io.tarkiln.event.UnreadableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
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
    Optional<byte[]> json = store.read(Keys.sourcePin(build));
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(json.get(), SourcePin.class));
    } catch (UnreadableException broken) {
      throw new IllegalStateException("source.json is not ours", broken);
    }
  }

  /** Pins a commit, once and for all. */
  static void write(ObjectStore store, BuildId build, BuildRequested.Source source, String commit)
      throws UnavailableException {
    SourcePin pin = new SourcePin(source.repository(), source.revision(), commit);
    if (!store.writeOnce(Keys.sourcePin(build), Json.bytes(pin))
        && !read(store, build).equals(Optional.of(pin))) {
      throw new UnavailableException("another checkout pinned the build at the same moment");
    }
  }
}
