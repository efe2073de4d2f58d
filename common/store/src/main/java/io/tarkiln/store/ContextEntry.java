package io.tarkiln.store;

import io.tarkiln.build.NameSyntax;
import java.util.Set;

/**
 * One entry of a build context, as git has it.
 *
 * <p>Names are bytes and need not be text in any encoding, so path and target have one character
 * per byte (ISO 8859-1).
 *
 * @param mode of the entry in git: a file (0100644, 0100755), a symbolic link (0120000), a folder
 *     in which nothing is left (040000), or a submodule that was not fetched, which is such a
 *     folder too (0160000)
 * @param objectId git's id of the content; of a file in Git LFS, that of its pointer
 * @param path from the repository's root, without {@code .}, {@code ..} or empty parts
 * @param target where a symbolic link points; empty for all others
 */
public record ContextEntry(int mode, String objectId, String path, String target) {
  private static final int LINK = 0120000;
  private static final Set<Integer> MODES = Set.of(0100644, 0100755, LINK, 040000, 0160000);

  public ContextEntry {
    if (!MODES.contains(mode)) {
      throw new IllegalArgumentException("mode %o is none of a git tree".formatted(mode));
    }
    NameSyntax.objectId("objectId", NameSyntax.text("objectId", objectId));
    checkBytes("path", path);
    checkBytes("target", target);
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException("a path is relative, without '.', '..' or empty parts");
      }
    }
    if ((mode == LINK) == target.isEmpty()) {
      throw new IllegalArgumentException("a link has a target, and nothing else has one");
    }
  }

  private static void checkBytes(String field, String value) {
    if (!NameSyntax.present(field, value).chars().allMatch(each -> each > 0 && each <= 0xff)) {
      throw new IllegalArgumentException(field + " has characters that are no bytes, or a NUL");
    }
  }

  /** Whether it is a symbolic link. */
  public boolean isLink() {
    return mode == LINK;
  }
}
