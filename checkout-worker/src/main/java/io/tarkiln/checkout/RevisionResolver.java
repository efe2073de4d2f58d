package io.tarkiln.checkout;

import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.RemoteRepository;
import io.tarkiln.git.cache.CachedRepository;
import io.tarkiln.git.cache.RepositoryCache;
import io.tarkiln.git.host.GitAddress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;

/**
 * Finds out what a revision means.
 *
 * <p>Names are looked up in git's own order (gitrevisions): as written, below {@code refs/}, as a
 * tag, as a branch. Any ref of the server will do, such as {@code refs/pull/7/head}; what begins
 * with {@code refs/} is that ref and no other, as a policy may protect it by this name and anybody
 * may call a branch {@code refs/tags/1.4.0}. What is no name may be a full id, or the beginning of
 * one.
 */
public record RevisionResolver(RepositoryCache cache, GitAddress address) {
  private static final List<String> RULES =
      List.of("%s", "refs/%s", "refs/tags/%s", "refs/heads/%s");
  private static final int MIN_ID = 4;

  /**
   * What a revision stands for.
   *
   * @param advertised what the server gives out under its name: the commit, or a tag of it
   */
  public record Found(ObjectId commit, ObjectId advertised) {
    Found(ObjectId commit) {
      this(commit, commit);
    }
  }

  public Found find(RemoteRepository remote, String revision)
      throws IOException, RejectedException, UnavailableException {
    if (ObjectId.isId(revision)) {
      return new Found(ObjectId.fromString(revision));
    }
    List<String> names =
        revision.startsWith("refs/")
            ? List.of(revision)
            : RULES.stream().map(rule -> rule.formatted(revision)).toList();
    Map<String, Ref> refs = remote.refs(names);
    for (String name : names) {
      Ref ref = refs.get(name);
      if (ref != null && ref.getObjectId() != null) {
        ObjectId peeled = ref.getPeeledObjectId();
        return new Found(peeled != null ? peeled : ref.getObjectId(), ref.getObjectId());
      }
    }
    if (AbbreviatedObjectId.isId(revision) && revision.length() >= MIN_ID) {
      return new Found(abbreviated(AbbreviatedObjectId.fromString(revision)));
    }
    throw none(revision);
  }

  private ObjectId abbreviated(AbbreviatedObjectId id)
      throws IOException, RejectedException, UnavailableException {
    try (RepositoryCache.Use use = cache.history(address)) {
      try {
        use.repository().fetchHistory();
        return unique(use.repository(), id).orElseThrow(() -> none(id.name()));
      } catch (AmbiguousObjectException several) {
        throw ambiguous(id);
      } catch (IOException broken) {
        use.drop();
        throw broken;
      }
    }
  }

  private Optional<ObjectId> unique(CachedRepository history, AbbreviatedObjectId id)
      throws IOException, RejectedException {
    ObjectId found = null;
    try (ObjectReader reader = history.repository().newObjectReader()) {
      for (ObjectId candidate : reader.resolve(id)) {
        if (reader.open(candidate).getType() == Constants.OBJ_COMMIT) {
          if (found != null) {
            throw ambiguous(id);
          }
          found = candidate;
        }
      }
    }
    return Optional.ofNullable(found);
  }

  private RejectedException ambiguous(AbbreviatedObjectId id) {
    return new RejectedException(
        Reason.NO_SUCH_REVISION,
        "several commits of %s begin with %s: write more of it".formatted(address, id.name()));
  }

  /** What to say of a revision that means nothing. */
  public RejectedException none(String revision) {
    return new RejectedException(
        Reason.NO_SUCH_REVISION,
        "no revision '%s' in %s: it must be a branch, a tag or a commit"
            .formatted(PrintableText.of(revision, 100), address));
  }
}
