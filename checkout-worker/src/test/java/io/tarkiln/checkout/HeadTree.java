package io.tarkiln.checkout;

import io.tarkiln.embedded.GitRepository;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/** The tree that a repository's last commit has. */
final class HeadTree {
  private HeadTree() {}

  /** What a test does with the tree while it is open. */
  @FunctionalInterface
  interface Use<T> {
    T of(SourceTree tree) throws Exception;
  }

  static <T> T use(GitRepository repository, Use<T> use) throws Exception {
    try (Git git = Git.open(repository.folder().toFile());
        ObjectReader reader = git.getRepository().newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      return use.of(
          new SourceTree(
              "test",
              GitAddress.of(
                  repository.url(),
                  new Hosts(new GitSettings.Reach(Set.of(), Set.of(), true, true))),
              reader,
              walk.parseCommit(git.getRepository().resolve(Constants.HEAD)).getTree(),
              Map.of(),
              ids -> {}));
    }
  }
}
