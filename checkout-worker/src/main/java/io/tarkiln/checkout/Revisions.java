package io.tarkiln.checkout;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;

/**
 * Finds out which commit a revision means and fetches it, alone where the server allows that.
 *
 * <p>Names are looked up in git's own order (gitrevisions): as written, below {@code refs/}, as a
 * tag, as a branch.
 */
record Revisions(Git git, GitAccess access, GitAddress address) {
  private static final List<String> RULES =
      List.of("%s", "refs/%s", "refs/tags/%s", "refs/heads/%s");
  private static final String OURS = "refs/tarkiln/";

  /** The commit, whose files are there now; empty when there is no such revision. */
  Optional<ObjectId> fetch(String revision)
      throws IOException, GitAPIException, RejectedException, UnavailableException {
    if (ObjectId.isId(revision)) {
      return fullId(ObjectId.fromString(revision));
    }
    Map<String, Ref> refs = new HashMap<>();
    access
        .prepared(Git.lsRemoteRepository().setRemote(address.text()), address)
        .call()
        .forEach(ref -> refs.put(ref.getName(), ref));
    for (String rule : RULES) {
      Ref ref = refs.get(rule.formatted(revision));
      if (ref != null) {
        return named(ref);
      }
    }
    return AbbreviatedObjectId.isId(revision) && revision.length() >= 4
        ? abbreviated(AbbreviatedObjectId.fromString(revision))
        : Optional.empty();
  }

  private Optional<ObjectId> named(Ref ref)
      throws IOException, GitAPIException, UnavailableException {
    if (!isThere(ref.getObjectId())) {
      shallow(ref.getName(), OURS + ref.getObjectId().name());
    }
    return commit(ref.getObjectId());
  }

  private Optional<ObjectId> fullId(ObjectId id)
      throws IOException, GitAPIException, UnavailableException {
    if (!isThere(id)) {
      try {
        shallow(id.name(), OURS + id.name());
      } catch (GitAPIException refused) {
        // Some servers give out no commit by its id; its branch or tag must be fetched then.
        everything();
      }
    }
    return isThere(id) ? commit(id) : Optional.empty();
  }

  private Optional<ObjectId> abbreviated(AbbreviatedObjectId id)
      throws IOException, GitAPIException, UnavailableException {
    Optional<ObjectId> there = unique(id);
    if (there.isEmpty()) {
      everything();
      there = unique(id);
    }
    return there;
  }

  private Optional<ObjectId> unique(AbbreviatedObjectId id) throws IOException {
    try (ObjectReader reader = git.getRepository().newObjectReader()) {
      ObjectId found = null;
      for (ObjectId candidate : reader.resolve(id)) {
        if (reader.open(candidate).getType() == Constants.OBJ_COMMIT) {
          if (found != null) {
            return Optional.empty();
          }
          found = candidate;
        }
      }
      return Optional.ofNullable(found);
    } catch (AmbiguousObjectException several) {
      return Optional.empty();
    }
  }

  private void shallow(String what, String ours) throws GitAPIException, UnavailableException {
    access
        .prepared(
            git.fetch()
                .setRemote(address.text())
                .setTagOpt(TagOpt.NO_TAGS)
                .setDepth(1)
                .setRefSpecs(new RefSpec("+" + what + ":" + ours)),
            address)
        .call();
  }

  private void everything() throws GitAPIException, UnavailableException {
    access
        .prepared(
            git.fetch()
                .setRemote(address.text())
                .setTagOpt(TagOpt.NO_TAGS)
                .setUnshallow(isShallow())
                .setRefSpecs(
                    new RefSpec("+refs/heads/*:" + OURS + "heads/*"),
                    new RefSpec("+refs/tags/*:" + OURS + "tags/*")),
            address)
        .call();
  }

  private boolean isShallow() throws UnavailableException {
    try {
      return !git.getRepository().getObjectDatabase().getShallowCommits().isEmpty();
    } catch (IOException broken) {
      throw new UnavailableException("cannot read the cached copy of " + address, broken);
    }
  }

  private boolean isThere(ObjectId id) throws IOException {
    return git.getRepository().getObjectDatabase().has(id);
  }

  /**
   * The commit that an id, perhaps of an annotated tag, leads to.
   *
   * @throws IOException when the cached copy should have it and has not
   */
  private Optional<ObjectId> commit(ObjectId id) throws IOException {
    try (RevWalk walk = new RevWalk(git.getRepository())) {
      RevCommit commit = walk.parseCommit(id);
      return Optional.of(commit.getId());
    } catch (IncorrectObjectTypeException none) {
      return Optional.empty();
    }
  }
}
