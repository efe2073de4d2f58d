package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.dockerignore.BadPatternException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The part of a commit's tree that a service is built from: its context at its path, without what
 * its {@code .dockerignore} names. As it is a tree, git has an id for it, whether the tree exists
 * anywhere or not; that id changes just when the part does.
 *
 * @param id git's id of the tree
 * @param context raw path of the build context, without links; empty for the root
 * @param folder what is there
 * @param ignored names that are left out, by the raw paths of the folders that they are in
 */
public record PrunedTree(
    ObjectId id, String context, CommitTree.Found folder, Map<String, Set<String>> ignored) {
  /**
   * Finds it.
   *
   * @param context path of the folder, perhaps through links
   * @param dockerfile path of the Dockerfile, which may have an ignore file of its own
   * @param mostFiles entries that a context may have
   */
  public static PrunedTree of(CommitTree source, String context, String dockerfile, long mostFiles)
      throws IOException, RejectedException, UnavailableException {
    PathResolver.Resolved place = PathResolver.resolve(source, CommitTree.raw(context));
    CommitTree.Found folder = folder(source, context, place);
    TreePruner pruning =
        new TreePruner(
            IgnoreFiles.of(source, place.path(), CommitTree.raw(dockerfile)),
            place.path(),
            mostFiles);
    try {
      ObjectId id = pruning.prune(folder);
      return new PrunedTree(
          TreePruner.at(place.path(), id), place.path(), folder, pruning.ignored());
    } catch (BadPatternException bad) {
      throw IgnoreFiles.rejected("the .dockerignore of " + context, source, bad);
    }
  }

  private static CommitTree.Found folder(
      CommitTree source, String context, PathResolver.Resolved place) throws RejectedException {
    if (place.isOutside() || place.found().filter(CommitTree.Found::isModule).isPresent()) {
      throw new RejectedException(
          Reason.PATH_OUTSIDE_REPOSITORY,
          "the context %s %s in %s: name a folder of the repository"
              .formatted(
                  context,
                  place.isOutside()
                      ? "is a link that leads out"
                      : "is a submodule that was not fetched",
                  source.where()));
    }
    CommitTree.Found found =
        place
            .found()
            .orElseThrow(
                () ->
                    new RejectedException(
                        Reason.BAD_REQUEST,
                        "no folder %s in %s".formatted(context, source.where())));
    if (!found.isFolder()) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the context %s is no folder in %s".formatted(context, source.where()));
    }
    return found;
  }

  /**
   * The context's path as events carry it.
   *
   * @throws RejectedException when a link led to where no request could
   */
  public String contextText() throws RejectedException {
    try {
      String text =
          UTF_8.newDecoder().decode(ByteBuffer.wrap(context.getBytes(ISO_8859_1))).toString();
      return NameSyntax.path("context", text);
    } catch (CharacterCodingException | IllegalArgumentException wrong) {
      throw new RejectedException(
          Reason.BAD_REQUEST,
          "the context is a link to '%s' in %s, which is no path that can be asked for"
              .formatted(CommitTree.printable(context), folder.in().where()),
          wrong);
    }
  }

  /** Names in a folder that are left out. */
  Set<String> ignoredIn(String path) {
    return ignored.getOrDefault(path, Set.of());
  }
}
