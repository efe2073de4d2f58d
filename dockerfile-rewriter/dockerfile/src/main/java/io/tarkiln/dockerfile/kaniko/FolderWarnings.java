package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.RunText;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells where COPY gives folders another owner or mode. BuildKit leaves a folder that is there as
 * it is, and makes new ones root's with mode 755; Kaniko gives the destination what the source has
 * ({@code CopyDir} in {@code pkg/util/fs_util.go}).
 */
final class FolderWarnings {
  /** Folders of every image that have another mode than 755. */
  private static final Pattern SHARED = Pattern.compile("/tmp|/var/tmp|/root");

  /** Folders of well-known images and whose they are there. */
  private static final Pattern OF_ROOT =
      Pattern.compile("/usr/share/nginx/html|/usr/local/apache2/htdocs|/etc/nginx(/conf\\.d)?");

  private static final Pattern OF_SERVER = Pattern.compile("/var/www/html");
  private static final Pattern OF_USER = Pattern.compile("/home/([^/]+)");

  private final CopyPlaces places;
  private final Findings findings;

  FolderWarnings(CopyPlaces places, Findings findings) {
    this.places = places;
    this.findings = findings;
  }

  /**
   * What Kaniko gives a folder that is there and that a folder is copied onto; empty where it has
   * that already, or where nothing shows that it is there.
   */
  Optional<String> onto(BuildStage stage, CopyInstruction copy, Optional<BuildStage> source) {
    Optional<String> destination = CopyPlaces.destination(stage, copy);
    if (destination.isEmpty()
        || !(places.copiesFolder(copy, destination.get())
            || CopyPlaces.makesFolder(source, copy)
            || (source.isPresent() && CopyPlaces.hasNameOfFolder(copy)))) {
      return Optional.empty();
    }
    String folder = destination.get();
    String owner = copy.flag("--chown").orElse("root");
    if (SHARED.matcher(folder).matches()) {
      return Optional.of("the owner and mode of what is copied");
    }
    Optional<String> known = ownerInBases(folder);
    if (known.isPresent()) {
      return known.filter(one -> !isSameOwner(one, owner)).map(one -> "owner " + owner);
    }
    for (Instruction one : stage.before(copy.instruction())) {
      if (one.keyword().equals("WORKDIR") && folder.equals(CopyPlaces.absolute(one.rest()))) {
        String made = FolderEdits.user(stage, one).orElse("root");
        if (!isSameOwner(made, owner)) {
          return Optional.of("owner " + owner);
        }
      } else if (one.keyword().equals("RUN") && one.rest().contains(folder)) {
        RunText run = stage.text(one);
        Optional<String> owned = run.changed("chown", folder);
        boolean moded = run.changed("chmod", folder).isPresent() || run.makesFolderWithMode(folder);
        if (moded || owned.filter(spec -> !isSameOwner(spec, owner)).isPresent()) {
          return Optional.of(moded ? "mode 755" : "owner " + owner);
        }
        if (owned.isPresent()) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Who owns a folder in the images that have it. */
  private static Optional<String> ownerInBases(String folder) {
    Matcher home = OF_USER.matcher(folder);
    if (home.matches()) {
      return Optional.of(home.group(1));
    }
    return OF_SERVER.matcher(folder).matches()
        ? Optional.of("www-data")
        : Optional.of("root").filter(root -> OF_ROOT.matcher(folder).matches());
  }

  /** Warns of what {@link #onto} has found. */
  void warnOnto(BuildStage stage, CopyInstruction copy, String what) {
    findings.differs(
        copy.instruction(),
        "copy-onto-folder",
        "Kaniko gives %s, which is there already, %s, where it should keep its own: set them by a RUN after the COPY"
            .formatted(CopyPlaces.destination(stage, copy).orElse(copy.destination()), what));
  }

  /** New folders on the way to the destination. */
  void parents(BuildStage stage, CopyInstruction copy) {
    Optional<String> destination = CopyPlaces.destination(stage, copy);
    Optional<String> mode = copy.flag("--chmod").filter(one -> !one.matches("0*755"));
    boolean owns =
        copy.flag("--chown").filter(one -> !isSameOwner(one, "root")).isPresent()
            && destination.filter(to -> places.copiesFolder(copy, to)).isPresent();
    boolean isCopy = copy.instruction().keyword().equals("COPY");
    if (!isCopy || destination.isEmpty() || (mode.isEmpty() && !owns)) {
      return;
    }
    String path = destination.get();
    boolean isFolder = places.copiesFolder(copy, path);
    boolean isFile = !isFolder && !copy.namesFolder();
    String parent =
        isFile || owns || isFolder ? path.substring(0, Math.max(0, path.lastIndexOf('/'))) : path;
    if (!FolderEdits.COMMON.matcher(parent).matches()
        && !parent.matches("/(home|usr|var|opt|etc|srv|root|lib|mnt|run|tmp)/.*")
        && stage.before(copy.instruction()).stream()
            .noneMatch(one -> one.rest().contains(parent))) {
      findings.differs(
          copy.instruction(),
          "copy-parents",
          "Kaniko makes the new folder %s root's with mode 755, not as --chown or --chmod say: make it by a RUN before"
              .formatted(parent));
    }
  }

  static boolean isSameOwner(String one, String other) {
    return user(one).equals(user(other));
  }

  private static String user(String owner) {
    String user = owner.replaceFirst(":.*", "");
    return switch (user) {
      case "", "0" -> "root";
      case "33" -> "www-data"; // of Debian, and so of most images that have it
      default -> user;
    };
  }
}
