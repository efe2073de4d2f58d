package io.tarkiln.git.tree;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which submodules are part of what the services of a request are built from. */
public final class NeededSubmodules {
  private final BuildRequested request;
  private final List<String> paths = new ArrayList<>();

  public NeededSubmodules(BuildRequested request) {
    this.request = request;
  }

  /**
   * Whether one is.
   *
   * @param tree of the commit itself, without its submodules
   * @param module raw path of it
   */
  public boolean is(CommitTree tree, String module)
      throws IOException, RejectedException, UnavailableException {
    if (paths.isEmpty()) {
      for (BuildRequested.RequestedService service : request.services()) {
        if (service.retagFrom().isEmpty()) {
          add(tree, service.context());
          add(tree, service.dockerfile());
        }
      }
    }
    return paths.stream()
        .anyMatch(
            path ->
                path.isEmpty()
                    || path.equals(module)
                    || path.startsWith(module + "/")
                    || module.startsWith(path + "/"));
  }

  /** A link may lead into a submodule; what leads out of the repository is refused later. */
  private void add(CommitTree tree, String path)
      throws IOException, RejectedException, UnavailableException {
    PathResolver.Resolved place = PathResolver.resolve(tree, CommitTree.raw(path));
    if (!place.isOutside()) {
      paths.add(place.path());
    }
  }
}
