package io.tarkiln.cli.request;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested.RequestedService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which services that did not change are not built again. */
final class ChangeOptions {
  @Option(
      names = "--changed-since",
      paramLabel = "REV",
      description =
          "build only services that differ from this commit of the checkout here,"
              + " in files that .dockerignore leaves; the others' images get the new tags")
  private Optional<String> since = Optional.empty();

  @Option(
      names = "--retag-from",
      paramLabel = "TAG",
      description = "with --changed-since: the tag of that commit's images (default: REV)")
  private Optional<String> retagFrom = Optional.empty();

  /**
   * The services, those that did not change with the tag to take their images from. With another
   * request file every service is built, since what it says of them may be another.
   */
  List<RequestedService> applied(
      List<RequestedService> services, Path folder, String revision, Optional<Path> file)
      throws CliException {
    if (since.filter(rev -> !rev.isBlank()).isEmpty()) {
      if (retagFrom.isPresent()) {
        throw new CliException(
            CliException.WRONG_USAGE, "--retag-from goes with --changed-since REV");
      }
      return services;
    }
    String tag = retagFrom.orElse(since.get());
    try {
      NameSyntax.tag("--retag-from", tag);
    } catch (IllegalArgumentException wrong) {
      throw new CliException(CliException.WRONG_USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
    ChangedFiles changed = ChangedFiles.between(folder, since.get(), revision);
    if (file.filter(changed::contains).isPresent()) {
      return services;
    }
    List<RequestedService> applied = new ArrayList<>();
    for (RequestedService service : services) {
      boolean isBuilt = service.retagFrom().isPresent() || changed.affects(service);
      applied.add(isBuilt ? service : retagged(service, tag));
    }
    return applied;
  }

  private static RequestedService retagged(RequestedService service, String tag) {
    return new RequestedService(
        service.name(),
        service.context(),
        service.dockerfile(),
        service.buildArgs(),
        service.target(),
        Optional.of(tag),
        service.auto());
  }
}
