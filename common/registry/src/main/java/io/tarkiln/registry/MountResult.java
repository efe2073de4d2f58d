package io.tarkiln.registry;

import java.net.URI;

/** What came of the attempt to mount a blob. */
public sealed interface MountResult {
  /** The repository has the blob now. */
  record Done() implements MountResult {}

  /** The registry would rather have the blob's bytes in this session. */
  record Session(URI uri) implements MountResult {}

  /** The registry does not let this account mount from there at all. */
  record Refused() implements MountResult {}
}
