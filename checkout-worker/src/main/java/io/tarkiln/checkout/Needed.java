package io.tarkiln.checkout;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which submodules are part of what the services of a request are built from. */
final class Needed {
  private final BuildRequested request;
  private final List<String> paths = new ArrayList<>();

  Needed(BuildRequested request) {
    this.request = request;
  }

  /**
   * Whether one is.
   *
   * @param tree of the commit itself, without its submodules
   * @param module normalized path of it
   */
  boolean is(SourceTree tree, String module)
      throws IOException, RejectedException, UnavailableException {
    if (paths.isEmpty()) {
      for (BuildRequested.RequestedService service : request.services()) {
        if (service.retagFrom().isEmpty()) {
          add(tree, service.context());
          add(tree, service.dockerfile());
        }
      }
    }
    String raw = SourceTree.raw(module);
    return paths.stream()
        .anyMatch(
            path ->
                path.isEmpty()
                    || path.equals(raw)
                    || path.startsWith(raw + "/")
                    || raw.startsWith(path + "/"));
  }

  /** A link may lead into a submodule; what leads out of the repository is refused later. */
  private void add(SourceTree tree, String path)
      throws IOException, RejectedException, UnavailableException {
    PathResolver.Resolved place = PathResolver.resolve(tree, SourceTree.raw(path));
    if (!place.isOutside()) {
      paths.add(place.path());
    }
  }
}
