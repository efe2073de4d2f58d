package io.tarkiln.inputs;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/**
 * What a service of a build is built from, and whether it is built at all; the content of {@code
 * inputs.json}. It is found out once, so that whoever looks again decides the same.
 *
 * @param inputs empty where they cannot be known before the build
 * @param unchanged digest of an image that was built from the same, if there is one
 */
public record ReuseRecord(Optional<BuildInputs> inputs, Optional<String> unchanged) {
  public ReuseRecord {
    inputs = inputs == null ? Optional.empty() : inputs;
    unchanged = unchanged == null ? Optional.empty() : unchanged;
    unchanged.ifPresent(digest -> NameSyntax.digest("unchanged", digest));
  }

  /** What was found out before, if anything. */
  public static Optional<ReuseRecord> read(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.inputs(build, service), ReuseRecord.class);
  }

  /**
   * Writes it unless another was faster.
   *
   * @return what stands
   */
  public ReuseRecord putIfAbsent(ObjectStore store, BuildId build, String service)
      throws UnavailableException {
    return JsonObjects.putIfAbsent(
        store, ObjectKeys.inputs(build, service), this, ReuseRecord.class);
  }
}
