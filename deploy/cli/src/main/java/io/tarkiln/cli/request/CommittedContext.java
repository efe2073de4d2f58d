package io.tarkiln.cli.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.dockerignore.BadPatternException;
import io.tarkiln.dockerignore.IgnoreFile;
import io.tarkiln.event.BuildRequested.RequestedService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a service is built from in one commit, found by git's ids: a context is read only where
 * another one has another id.
 *
 * @param tree of the context
 * @param dockerfile content of it
 * @param ownIgnoreFile the one beside the Dockerfile, if there is one
 */
record CommittedContext(
    LocalGit git, String tree, String dockerfile, Optional<String> ownIgnoreFile) {
  private static final String IGNORE_FILE = ".dockerignore";

  /** Finds it; empty where there is no such context or Dockerfile. */
  static Optional<CommittedContext> of(LocalGit git, String commit, RequestedService service)
      throws CliException {
    Optional<String> tree = git.id(commit, service.context(), "tree");
    Optional<String> dockerfile = git.id(commit, service.dockerfile(), "blob");
    return tree.isEmpty() || dockerfile.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CommittedContext(
                git,
                tree.get(),
                dockerfile.get(),
                git.id(commit, service.dockerfile() + IGNORE_FILE, "blob")));
  }

  /** Whether both make the same image: what is ignored does not count. */
  boolean isSameAs(CommittedContext other) throws CliException {
    return equals(other)
        || dockerfile.equals(other.dockerfile)
            && unignored().isPresent()
            && unignored().equals(other.unignored());
  }

  /** What no pattern ignores; empty where there is a bad one, so that a build reports it. */
  private Optional<List<String>> unignored() throws CliException {
    String all = git.raw("git cannot list a context", "ls-tree", "-r", "-t", "-z", tree);
    try {
      IgnoreFile ignore = ignoreFile(all);
      List<String> unignored = new ArrayList<>();
      for (String entry : all.isEmpty() ? new String[0] : all.split("\0")) {
        String path = entry.substring(entry.indexOf('\t') + 1);
        if (!ignore.ignores(path)) {
          // A folder counts too when all that is in it is ignored, but not what that is.
          unignored.add(entry.startsWith("040000 ") ? path : entry);
        }
      }
      return Optional.of(unignored);
    } catch (BadPatternException bad) {
      return Optional.empty();
    }
  }

  /** The one that counts. Where a link leads is for the build to say, so none counts then. */
  private IgnoreFile ignoreFile(String all) throws CliException, BadPatternException {
    String common = "";
    for (String entry : all.split("\0")) {
      if (entry.startsWith("100") && entry.endsWith("\t" + IGNORE_FILE)) {
        common = entry.substring(entry.lastIndexOf(' ') + 1, entry.indexOf('\t'));
      }
    }
    String id = ownIgnoreFile.orElse(common);
    return id.isEmpty()
        ? IgnoreFile.NONE
        : IgnoreFile.parse(
            git.raw("git cannot read " + IGNORE_FILE, "cat-file", "blob", id).getBytes(ISO_8859_1));
  }
}
