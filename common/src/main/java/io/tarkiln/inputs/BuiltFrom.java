package io.tarkiln.inputs;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Grammar;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.Keys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.StoredJson;
import java.util.Optional;

/**
 * What a service of a build is built from, and whether it is built at all; the content of {@code
 * inputs.json}. It is found out once, so that whoever looks again decides the same.
 *
 * @param inputs empty where they cannot be known before the build
 * @param unchanged digest of an image that was built from the same, if there is one
 */
public record BuiltFrom(Optional<Inputs> inputs, Optional<String> unchanged) {
  public BuiltFrom {
    inputs = inputs == null ? Optional.empty() : inputs;
    unchanged = unchanged == null ? Optional.empty() : unchanged;
    unchanged.ifPresent(digest -> Grammar.digest("unchanged", digest));
  }

  /** What was found out before, if anything. */
  public static Optional<BuiltFrom> read(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return StoredJson.read(store, Keys.inputs(build, service), BuiltFrom.class);
  }

  /**
   * Writes it unless another was faster.
   *
   * @return what stands
   */
  public BuiltFrom pinned(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return StoredJson.pinned(store, Keys.inputs(build, service), this, BuiltFrom.class);
  }
}
