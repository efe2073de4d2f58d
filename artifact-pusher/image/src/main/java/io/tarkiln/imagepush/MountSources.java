package io.tarkiln.imagepush;

import java.util.ArrayList;
import java.util.List;

/** Repositories that blobs may be mounted from, in the order in which to try them. */
final class MountSources {
  private final List<String> repositories;

  MountSources(List<String> repositories) {
    this.repositories = new ArrayList<>(repositories);
  }

  synchronized List<String> likeliestFirst() {
    return List.copyOf(repositories);
  }

  /** It had a blob, so it is likely to have the next: a base image's layers lie together. */
  synchronized void had(String repository) {
    if (repositories.remove(repository)) {
      repositories.add(0, repository);
    }
  }

  /** It is of no use to this account. */
  synchronized void refused(String repository) {
    repositories.remove(repository);
  }
}
