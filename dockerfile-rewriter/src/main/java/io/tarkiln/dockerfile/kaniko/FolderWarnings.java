package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.Instruction;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.Copy;
import io.tarkiln.dockerfile.stage.Stage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells where COPY gives folders another owner or mode. BuildKit leaves a folder that is there as
 * it is, and makes new ones root's with mode 755; Kaniko gives the destination what the source has
 * ({@code CopyDir} in {@code pkg/util/fs_util.go}).
 */
final class FolderWarnings {
  private static final String SEPARATE = "(?:^|[\\s\"';&|=])";
  private static final String LAST = "[\"']?(?=\\s*(?:[;&|]|$))";
  private static final String END = "/?(?=[\\s\"';&|]|$)";

  /** Folders of every image that have another mode than 755. */
  private static final Pattern SHARED = Pattern.compile("/tmp|/var/tmp|/root");

  /** Folders of well-known images and whose they are there. */
  private static final Pattern OF_ROOT =
      Pattern.compile("/usr/share/nginx/html|/usr/local/apache2/htdocs|/etc/nginx(/conf\\.d)?");

  private static final Pattern OF_SERVER = Pattern.compile("/var/www/html");
  private static final Pattern OF_USER = Pattern.compile("/home/([^/]+)");

  /** Longer commands are not looked into: what is searched for could take for ever. */
  private static final int LONGEST = 20_000;

  private final ContextFiles files;
  private final Findings findings;

  FolderWarnings(ContextFiles files, Findings findings) {
    this.files = files;
    this.findings = findings;
  }

  /** A folder that is copied onto one that is there. */
  void onto(Stage stage, Copy copy, Optional<Stage> source) {
    Optional<String> destination = destination(stage, copy);
    if (destination.isEmpty()
        || !(copiesFolder(copy, destination.get()) || makesFolder(source, copy))) {
      return;
    }
    String folder = destination.get();
    String owner = copy.flag("--chown").orElse("root");
    if (SHARED.matcher(folder).matches()) {
      tell(copy, folder, "the owner and mode of what is copied");
      return;
    }
    Optional<String> known = ownerInBases(folder);
    if (known.isPresent()) {
      if (!isSameOwner(known.get(), owner)) {
        tell(copy, folder, "owner " + owner);
      }
      return;
    }
    for (Instruction one : stage.before(copy.instruction())) {
      if (one.keyword().equals("WORKDIR") && folder.equals(literalPath(one.rest()))) {
        String made = Folders.user(stage, one).orElse("root");
        if (!isSameOwner(made, owner)) {
          tell(copy, folder, "owner " + owner);
          return;
        }
      } else if (one.keyword().equals("RUN") && one.rest().contains(folder)) {
        Optional<String> owned = changed("chown", one.rest(), folder);
        boolean moded =
            changed("chmod", one.rest(), folder).isPresent() || makesWithMode(one.rest(), folder);
        if (moded || owned.filter(spec -> !isSameOwner(spec, owner)).isPresent()) {
          tell(copy, folder, moded ? "mode 755" : "owner " + owner);
          return;
        }
        if (owned.isPresent()) {
          return;
        }
      }
    }
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

  /** Whether a stage visibly makes a folder of what is copied from it. */
  private static boolean makesFolder(Optional<Stage> source, Copy copy) {
    List<String> sources = copy.allSources();
    Optional<String> path =
        sources.size() == 1
            ? Dockerfile.literal(sources.get(0)).map(text -> "/" + ContextFiles.clean(text))
            : Optional.empty();
    if (source.isEmpty() || path.isEmpty()) {
      return false;
    }
    String makes = "\\b(?:mkdir|publish)\\s[^;&|]*" + SEPARATE + Pattern.quote(path.get()) + END;
    return source.get().chain().stream()
        .flatMap(stage -> stage.instructions().stream())
        .anyMatch(
            one ->
                (one.keyword().equals("WORKDIR") && path.get().equals(literalPath(one.rest())))
                    || (one.keyword().equals("RUN") && found(one.rest(), makes)));
  }

  private void tell(Copy copy, String folder, String what) {
    findings.differs(
        copy.instruction(),
        "copy-onto-folder",
        "Kaniko gives %s, which is there already, %s, where it should keep its own: set them by a RUN after the COPY"
            .formatted(folder, what));
  }

  /** New folders on the way to the destination. */
  void parents(Stage stage, Copy copy) {
    Optional<String> destination = destination(stage, copy);
    Optional<String> mode = copy.flag("--chmod").filter(one -> !one.matches("0*755"));
    boolean owns =
        copy.flag("--chown").filter(one -> !isSameOwner(one, "root")).isPresent()
            && destination.filter(to -> copiesFolder(copy, to)).isPresent();
    boolean isCopy = copy.instruction().keyword().equals("COPY");
    if (!isCopy || destination.isEmpty() || (mode.isEmpty() && !owns)) {
      return;
    }
    String path = destination.get();
    boolean isFolder = copiesFolder(copy, path);
    boolean isFile = !isFolder && !copy.namesFolder();
    String parent =
        isFile || owns || isFolder ? path.substring(0, Math.max(0, path.lastIndexOf('/'))) : path;
    if (!Folders.COMMON.matcher(parent).matches()
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

  /** What a stage did to what is copied from it. */
  void from(Stage source, Copy copy) {
    for (String word : copy.allSources()) {
      Optional<String> literal = Dockerfile.literal(word);
      if (literal.isEmpty() || PathPattern.isOne(literal.get())) {
        continue;
      }
      String path = "/" + ContextFiles.clean(literal.get());
      for (Stage stage : source.chain()) {
        stage.instructions().stream()
            .filter(one -> one.keyword().equals("RUN") && one.rest().contains(path))
            .forEach(run -> from(run.rest(), path, copy));
        stage.instructions().stream()
            .filter(one -> one.keyword().equals("WORKDIR") && path.equals(literalPath(one.rest())))
            .filter(one -> Folders.user(stage, one).isPresent())
            .filter(one -> copy.flag("--chown").isEmpty())
            .forEach(one -> owned(path, copy));
      }
    }
  }

  private void from(String run, String path, Copy copy) {
    String quoted = Pattern.quote(path);
    String name = Pattern.quote(path.substring(path.lastIndexOf('/') + 1));
    String folder = Pattern.quote(path.substring(0, path.lastIndexOf('/'))) + "/?";
    String link = "\\bln\\s+(?:-\\w*s\\w*|--symbolic)\\b[^;&|]*";
    boolean isLink =
        found(run, link + "\\s" + quoted + LAST)
            || found(run, link + "\\s\\S*" + name + "\\s+" + folder + LAST);
    if (isLink) {
      findings.differs(
          copy.instruction(),
          "copy-from-link",
          "%s is a link in the stage, which Kaniko copies as a link: COPY what it points to"
              .formatted(path));
    }
    if (found(run, "\\bsetcap\\s[^;&|]*\\s" + quoted + "(?=[/\\s\"';&|]|$)")) {
      findings.differs(
          copy.instruction(),
          "copy-from-capability",
          "Kaniko copies %s without the capabilities that setcap gave: run setcap in this stage, after the COPY"
              .formatted(path));
    }
    if (found(
        run,
        "\\bchmod\\s+(?:-R\\s+)?(?:[ugoa]*\\+[rwx]*s|[2467][0-7]{3})\\s[^;&|]*" + quoted + "/")) {
      findings.differs(
          copy.instruction(),
          "copy-from-setuid",
          "Kaniko drops the setuid and setgid bits of files in %s: RUN chmod after the COPY"
              .formatted(path));
    }
    boolean isFolder =
        found(run, "\\b(?:mkdir|install\\s+-d)\\s[^;&|]*" + quoted + END)
            || found(run, "\\bch(?:own|mod)\\s+-\\w*R\\w*\\s[^;&|]*" + quoted + END);
    boolean owned =
        changed("chown", run, path).filter(one -> !isSameOwner(one, "root")).isPresent();
    boolean moded = changed("chmod", run, path).isPresent() || makesWithMode(run, path);
    if (isFolder && (moded || (owned && copy.flag("--chown").isEmpty()))) {
      owned(path, copy);
    }
  }

  private void owned(String path, Copy copy) {
    findings.differs(
        copy.instruction(),
        "copy-from-folder",
        "Kaniko gives the folder that is copied to the owner and mode of %s in its stage, where it should be root's with mode 755: set them by a RUN after the COPY"
            .formatted(path));
  }

  /** The owner or mode that a command gives a path; empty where none does. */
  private static Optional<String> changed(String command, String run, String path) {
    Matcher change =
        Pattern.compile(
                "\\b"
                    + command
                    + "\\s+(?:-\\w+\\s+)*([^\\s-]\\S*)\\s[^;&|]*?(?<=[\\s\"'])"
                    + Pattern.quote(path)
                    + END)
            .matcher(run.length() <= LONGEST ? run : "");
    return change.find() ? Optional.of(change.group(1)) : Optional.empty();
  }

  private static boolean makesWithMode(String run, String path) {
    return found(
        run, "\\b(?:mkdir|install)\\s[^;&|]*-\\w*m[^;&|]*" + SEPARATE + Pattern.quote(path) + END);
  }

  private static boolean found(String text, String regex) {
    return text.length() <= LONGEST && Pattern.compile(regex).matcher(text).find();
  }

  private static boolean isSameOwner(String one, String other) {
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

  /** Whether what is copied is a folder, as far as can be seen. */
  private boolean copiesFolder(Copy copy, String destination) {
    List<String> sources = copy.allSources();
    if (sources.size() != 1 || copy.isRemote(sources.get(0))) {
      return false;
    }
    Optional<String> literal = Dockerfile.literal(sources.get(0));
    if (literal.isEmpty() || PathPattern.isOne(literal.get())) {
      return false;
    }
    String path = ContextFiles.clean(literal.get());
    if (copy.isFromContext()) {
      return files.areKnown() && files.isFolder(path);
    }
    String text = literal.get();
    return text.endsWith("/")
        || text.endsWith("/.")
        || (!path.isEmpty() && ("/" + path).equals(destination));
  }

  /** Where the files go; empty where the folder or a variable is not known. */
  private static Optional<String> destination(Stage stage, Copy copy) {
    String text = Dockerfile.literal(copy.destination()).orElse("");
    if (text.startsWith("/")) {
      return Optional.of("/" + ContextFiles.clean(text));
    }
    Optional<String> folder =
        stage.before(copy.instruction()).stream()
            .filter(one -> one.keyword().equals("WORKDIR"))
            .reduce((first, last) -> last)
            .map(one -> literalPath(one.rest()))
            .filter(path -> !path.isEmpty());
    return text.isEmpty()
        ? Optional.empty()
        : folder.map(path -> "/" + ContextFiles.clean(path + "/" + text));
  }

  /** An absolute path without variables; else nothing. */
  private static String literalPath(String text) {
    return Dockerfile.literal(text)
        .filter(path -> path.startsWith("/"))
        .map(path -> "/" + ContextFiles.clean(path))
        .orElse("");
  }
}
