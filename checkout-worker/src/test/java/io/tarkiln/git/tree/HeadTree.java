package io.tarkiln.git.tree;

import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.host.HostPolicy;
import io.tarkiln.testkit.GitRepository;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;

/** The tree that a repository's last commit has. */
public final class HeadTree {
  private HeadTree() {}

  /** What a test does with the tree while it is open. */
  @FunctionalInterface
  public interface Use<T> {
    T of(CommitTree tree) throws Exception;
  }

  public static <T> T use(GitRepository repository, Use<T> use) throws Exception {
    try (Git git = Git.open(repository.folder().toFile());
        ObjectReader reader = git.getRepository().newObjectReader();
        RevWalk walk = new RevWalk(reader)) {
      return use.of(
          new CommitTree(
              "test",
              GitAddress.of(
                  repository.url(),
                  new HostPolicy(new GitSettings.Reach(Set.of(), Set.of(), true, true))),
              reader,
              walk.parseCommit(git.getRepository().resolve(Constants.HEAD)).getTree(),
              Map.of(),
              ids -> {}));
    }
  }
}
