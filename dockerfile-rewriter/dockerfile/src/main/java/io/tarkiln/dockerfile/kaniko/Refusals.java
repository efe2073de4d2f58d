package io.tarkiln.dockerfile.kaniko;

import static io.tarkiln.dockerfile.kaniko.Findings.cannot;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses what Kaniko leaves out without a word, or fails at in a way that names no line. */
final class Refusals {
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
  private static final Pattern GIT =
      Pattern.compile("(?i)(git@|git://|ssh://).*|https?://[^?#]*\\.git/?([?#].*)?");
  private static final Pattern TAR =
      Pattern.compile("(?i).*\\.(tar(\\.(gz|bz2|xz|zst))?|tgz|tbz2?|txz)");
  private static final Pattern UNPACKED =
      Pattern.compile("(?i).*\\.(tar|tar\\.gz|tgz|tar\\.bz2|tbz2?)");
  private static final Pattern COMPRESSED = Pattern.compile("(?i).*\\.(gz|bz2|xz|zst|txz)");
  private static final Pattern OCTAL = Pattern.compile("0*[0-7]{1,3}");

  /** Instructions whose words know quotes and escapes. */
  private static final Set<String> EXPANDED =
      Set.of(
          "ADD",
          "ARG",
          "COPY",
          "ENV",
          "EXPOSE",
          "LABEL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  private final Dockerfile file;
  private final ContextFiles files;
  private final Set<String> names = new HashSet<>();
  private final Set<String> twice = new HashSet<>();

  Refusals(Dockerfile file, BuildStages stages, ContextFiles files) {
    this.file = file;
    this.files = files;
    for (BuildStage stage : stages.all()) {
      stage.name().filter(name -> !names.add(name)).ifPresent(twice::add);
    }
  }

  void check(BuildStage stage) {
    from(stage);
    stage.parent().ifPresent(parent -> parent.triggers().forEach(this::check));
    stage.instructions().forEach(this::check);
  }

  private void from(BuildStage stage) {
    if (IDENTIFIER.matcher(stage.base()).matches()) {
      throw identifier(stage.from(), "FROM");
    }
    if (twice.contains(stage.base().toLowerCase(Locale.ROOT)) && stage.parent().isPresent()) {
      throw cannot(
          stage.from(),
          "stage-name-twice",
          "two stages are named %s, and Kaniko takes the first: give each a name of its own"
              .formatted(stage.base()));
    }
  }

  private void check(Instruction one) {
    if (one.place().hasHeredocs() && !one.keyword().equals("ONBUILD")) {
      throw cannot(
          one,
          "heredoc",
          one.keyword().equals("RUN")
              ? "Kaniko does not run a RUN <<EOF as written: join the commands with && and \\, or"
                  + " COPY a script and run it"
              : "Kaniko does not know %s <<EOF: put the text into a file of the build context and COPY it"
                  .formatted(one.keyword()));
    }
    switch (one.keyword()) {
      case "RUN" -> run(one);
      case "COPY", "ADD" -> copy(one);
      case "USER" -> user(one);
      default -> {}
    }
    if (file.escape() != '\\'
        && EXPANDED.contains(one.keyword())
        && (one.rest().indexOf('\\') >= 0 || one.rest().indexOf(file.escape()) >= 0)) {
      throw cannot(
          one,
          "escape-directive",
          "Kaniko continues lines by the escape directive, but reads a backslash as the escape in"
              + " words: write the file with backslashes");
    }
  }

  private static Findings.CannotException identifier(Instruction one, String what) {
    return cannot(
        one,
        "image-id",
        "%s names 64 hexadecimal digits, which BuildKit refuses as an image's name: write a repository, or name@sha256:digest"
            .formatted(what));
  }

  private static void run(Instruction run) {
    for (Token flag : run.flags()) {
      String text = flag.text();
      if (text.startsWith("--mount")) {
        throw cannot(run, "run-mount", mount(text));
      } else if (text.startsWith("--network") && !text.equals("--network=default")) {
        throw cannot(
            run,
            "run-network",
            "RUN %s is ignored by Kaniko, which runs all commands on one network: leave the flag out"
                .formatted(text));
      } else if (text.startsWith("--security") || text.startsWith("--device")) {
        throw cannot(run, "run-flag", "RUN %s is unknown to Kaniko: leave it out".formatted(text));
      }
    }
  }

  private static String mount(String text) {
    String type = text.replaceFirst(".*[=,]type=([^,]*).*", "$1");
    return "RUN %s is ignored by Kaniko, so %s"
        .formatted(
            text.length() > 100 ? "--mount" : text,
            switch (type) {
              case "cache" ->
                  "what is in the cache would come into the image: leave the mount out, and remove"
                      + " the folder at the end of the same RUN";
              case "tmpfs" ->
                  "its files would come into the image: use a folder, and remove it at the end of"
                      + " the same RUN";
              case "secret", "ssh" ->
                  "the command would find no secret: fetch what needs one before the build, and"
                      + " COPY it";
              default -> "the command would run on nothing: COPY what it needs before";
            });
  }

  private void copy(Instruction copy) {
    CopyInstruction words = new CopyInstruction(copy);
    for (Token flag : copy.flags()) {
      String name = flag.text().replaceFirst("=.*", "");
      if (Set.of("--parents", "--exclude", "--unpack", "--checksum").contains(name)) {
        throw cannot(copy, "copy-flag", flagged(copy.keyword(), name));
      }
    }
    words.flag("--chmod").ifPresent(mode -> mode(copy, mode));
    words
        .flag("--from")
        .filter(from -> IDENTIFIER.matcher(from).matches())
        .ifPresent(
            from -> {
              throw identifier(copy, "COPY --from");
            });
    for (String source : words.allSources()) {
      String path = Dockerfile.literal(source).orElse(source);
      if (!words.isFromContext() && ContextFiles.clean(path).isEmpty()) {
        throw cannot(
            copy,
            "copy-root",
            "Kaniko cannot COPY the root folder of a stage or image, /proc and all: name the"
                + " folders in it");
      }
      if (copy.keyword().equals("ADD")) {
        add(words, path);
      }
    }
  }

  private static String flagged(String keyword, String flag) {
    String message =
        switch (flag) {
          case "--parents" ->
              "%s --parents is unknown to Kaniko: COPY each folder to where it belongs";
          case "--exclude" ->
              "%s --exclude is unknown to Kaniko: name the files in .dockerignore, or remove them"
                  + " in a RUN";
          case "--checksum" ->
              "%s --checksum is ignored by Kaniko: download and check the file in a RUN";
          default -> "%s " + flag + " is unknown to Kaniko: unpack the file in a RUN";
        };
    return message.formatted(keyword);
  }

  private static void mode(Instruction copy, String mode) {
    if (mode.indexOf('$') < 0 && !OCTAL.matcher(mode).matches()) {
      boolean isSpecial = mode.matches("0*[0-7]+");
      throw cannot(
          copy,
          "copy-chmod",
          isSpecial
              ? "Kaniko drops setuid, setgid and sticky bits of --chmod=%s: set them by RUN chmod"
                  .formatted(mode)
              : "Kaniko knows --chmod in octal digits only, not %s: write it so, or RUN chmod"
                  .formatted(mode));
    }
  }

  /** Whether a file has the name of an archive that Kaniko unpacks. */
  static boolean isUnpacked(String path) {
    return UNPACKED.matcher(path).matches();
  }

  private void add(CopyInstruction add, String path) {
    if (GIT.matcher(path).matches()) {
      throw cannot(
          add.instruction(),
          "add-git",
          "Kaniko downloads %s as a file, where a repository is meant: clone it in a RUN"
              .formatted(path));
    }
    if (add.isRemote(path)) {
      return;
    }
    String clean = ContextFiles.clean(path);
    Optional<PathPattern> pattern =
        PathPattern.isOne(clean) ? PathPattern.of(clean) : Optional.empty();
    List<String> names =
        pattern.map(files::matches).filter(all -> !all.isEmpty()).orElse(List.of(clean));
    names.stream().filter(name -> !files.isFolder(name)).forEach(name -> archive(add, name));
  }

  private static void archive(CopyInstruction add, String name) {
    boolean isTar = TAR.matcher(name).matches();
    if (isTar && !UNPACKED.matcher(name).matches()) {
      throw cannot(
          add.instruction(),
          "add-archive",
          "Kaniko unpacks no tar of xz or zstd, such as %s: compress it with gzip, or COPY it and unpack it in a RUN"
              .formatted(name));
    }
    if (!isTar && COMPRESSED.matcher(name).matches()) {
      throw cannot(
          add.instruction(),
          "add-compressed",
          "Kaniko takes %s for an archive and fails at it: write COPY, which does the same for a file that is no tar"
              .formatted(name));
    }
    if (isTar && add.flag("--chown").isPresent()) {
      throw cannot(
          add.instruction(),
          "add-chown",
          "Kaniko unpacks %s with the owners that are in it, not --chown: RUN chown afterwards"
              .formatted(name));
    }
  }

  private static void user(Instruction user) {
    if (user.rest().matches(".*\\$\\{[^}]*:.*")) {
      throw cannot(
          user,
          "user-default",
          "Kaniko splits USER at the first colon, also in %s: give an ARG or ENV the default, and write its name alone"
              .formatted(user.rest()));
    }
  }
}
