package io.tarkiln.cli.request;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested.RequestedService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files in which two commits of the working directory's git repository differ.
 *
 * @param before full id of a commit
 * @param after full id of another
 * @param paths files that were added, changed or deleted, from the repository's root; of one that
 *     was renamed, both names
 */
record ChangedFiles(LocalGit git, String before, String after, List<String> paths) {
  private static final String ATTRIBUTES = ".gitattributes";

  /**
   * Finds them.
   *
   * @throws CliException when there is no git, no repository, or no such commit in it
   */
  static ChangedFiles between(Path folder, String before, String after) throws CliException {
    LocalGit git = LocalGit.of(folder);
    String first = git.commit(before);
    String second = git.commit(after);
    String diff =
        git.text(
            "git cannot compare the two commits",
            "diff",
            "--name-only",
            "--no-renames",
            "-z",
            first,
            second,
            "--");
    return new ChangedFiles(
        git, first, second, diff.isEmpty() ? List.of() : List.of(diff.split("\0")));
  }

  /**
   * Whether a file of its build context that is not ignored, or its Dockerfile, is another. What
   * cannot be found counts as another, so that the build says what is wrong.
   */
  boolean affects(RequestedService service) throws CliException {
    Optional<CommittedContext> first = CommittedContext.of(git, before, service);
    Optional<CommittedContext> second = CommittedContext.of(git, after, service);
    return first.isEmpty()
        || second.isEmpty()
        || !first.get().isSameAs(second.get())
        || hasOtherAttributes(service.context());
  }

  /**
   * Whether files above a context are others that say what is in Git LFS there; of a context behind
   * a link, any such file.
   */
  private boolean hasOtherAttributes(String context) throws CliException {
    Path folder = Path.of("/", context).normalize();
    boolean isLinked = git.isLinked(before, context) || git.isLinked(after, context);
    return paths.stream()
        .map(path -> Path.of("/", path))
        .filter(path -> path.endsWith(ATTRIBUTES))
        .anyMatch(path -> isLinked || folder.startsWith(path.resolveSibling("")));
  }

  /** Whether this file of the checkout is another. */
  boolean contains(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return paths.stream().anyMatch(path -> git.folder().resolve(path).equals(absolute));
  }
}
