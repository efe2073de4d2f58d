package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.edit.Operands;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells what Kaniko builds otherwise without a remedy of ours, where it can be seen in the file.
 */
final class DialectWarnings {
  private static final Pattern MAKES_USER = Pattern.compile("\\b(useradd|adduser|/etc/passwd)\\b");
  private static final Pattern MAKES_PIPE = Pattern.compile("\\bmkfifo\\s");
  private static final Set<String> MAKES_FOLDERS = Set.of("RUN", "COPY", "ADD", "WORKDIR");

  private final BuildStages stages;
  private final BuildRequest request;
  private final Findings findings;

  DialectWarnings(BuildStages stages, BuildRequest request, Findings findings) {
    this.stages = stages;
    this.request = request;
    this.findings = findings;
  }

  void check(BuildStage stage, Instruction one) {
    switch (one.keyword()) {
      case "RUN" -> pipe(stage, one);
      case "USER" -> user(stage, one);
      case "VOLUME" -> volume(stage, one);
      case "SHELL" -> shell(stage, one);
      case "ARG" -> one.words().forEach(word -> argument(stage, one, word));
      case "COPY", "ADD" -> {
        CopyInstruction copy = new CopyInstruction(one);
        download(stage, copy);
        archive(stage, copy);
        SourceWarnings sources = new SourceWarnings(findings);
        Optional<BuildStage> source = stages.source(one);
        if (source.isPresent()) {
          sources.stage(source.get(), copy);
        } else {
          copy.flag("--from").ifPresent(image -> sources.image(image, stage, copy));
        }
      }
      default -> {}
    }
  }

  /** Kaniko runs commands with the user's own group, whatever USER says. */
  private void user(BuildStage stage, Instruction user) {
    String text = Dockerfile.literal(user.rest()).orElse("");
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    boolean hasGroup = colon > 0 && colon < text.length() - 1;
    boolean isNumber = name.matches("[0-9]+") && !name.matches("0+");
    boolean sameGroup = hasGroup && text.substring(colon + 1).equals(name);
    if (sameGroup || (!hasGroup && !isNumber) || !runsAs(stage, user)) {
      return;
    }
    if (hasGroup) {
      findings.differs(
          user,
          "user-group",
          "Kaniko runs commands in the group of user %s, not in %s: give that user the group in /etc/passwd"
              .formatted(name, text.substring(colon + 1)));
    } else if (!KnownImages.knowsUser(stage.chain().get(0).base(), name)
        && stage.before(user).stream()
            .noneMatch(
                one -> one.keyword().equals("RUN") && MAKES_USER.matcher(one.rest()).find())) {
      findings.differs(
          user,
          "user-group",
          "Kaniko runs commands in group %s where the image knows no user %s, not in group 0: add the user to /etc/passwd"
              .formatted(name, name));
    }
  }

  /** Whether a RUN comes before the next USER. */
  private static boolean runsAs(BuildStage stage, Instruction user) {
    for (Instruction one : stage.instructions()) {
      if (one.line() > user.line() && one.keyword().equals("USER")) {
        return false;
      }
      if (one.line() > user.line() && one.keyword().equals("RUN")) {
        return true;
      }
    }
    return false;
  }

  /** In BuildKit the later one of ENV and ARG counts, in Kaniko ENV. */
  private void argument(BuildStage stage, Instruction argument, Token word) {
    String name = word.text().replaceFirst("=.*", "");
    boolean hasValue =
        word.text().indexOf('=') >= 0
            || request.buildArgs().containsKey(name)
            || stages.globals().stream()
                .flatMap(global -> global.words().stream())
                .anyMatch(global -> global.text().startsWith(name + "="));
    boolean isSetByImage = KnownImages.sets(stage.chain().get(0).base(), name);
    boolean isSet =
        isSetByImage
            || stage.before(argument).stream()
                .filter(one -> one.keyword().equals("ENV"))
                .flatMap(one -> one.words().stream().limit(isPairs(one) ? Long.MAX_VALUE : 1))
                .anyMatch(env -> env.text().replaceFirst("=.*", "").equals(name));
    boolean isUsed =
        stage.instructions().stream()
            .anyMatch(one -> one.line() > argument.line() && one.rest().contains(name));
    if (hasValue && isSet && isUsed) {
      findings.differs(
          argument,
          "arg-after-env",
          "Kaniko keeps the value of ENV %s%s, not that of this later ARG: give the ARG another name"
              .formatted(name, isSetByImage ? " of the base image" : ""));
    }
  }

  private static boolean isPairs(Instruction env) {
    return !env.words().isEmpty() && env.words().get(0).text().indexOf('=') >= 0;
  }

  /** Kaniko's tars of stages, and its cached layers when it unpacks them, have no named pipes. */
  private void pipe(BuildStage stage, Instruction run) {
    boolean isLent =
        stages.built().stream()
            .anyMatch(
                one ->
                    one.parent().equals(Optional.of(stage))
                        || one.instructions().stream()
                            .anyMatch(copy -> stages.source(copy).equals(Optional.of(stage))));
    if (MAKES_PIPE.matcher(run.rest()).find()
        && (isLent || (request.cache() && stages.runFollows(stage, run)))) {
      findings.differs(
          run,
          "named-pipe",
          "Kaniko leaves named pipes out for later stages, and for later RUNs when this one comes"
              + " from the cache: make it when the container starts");
    }
  }

  /** Kaniko makes the folder of a volume, which BuildKit leaves to whoever runs the image. */
  private void volume(BuildStage stage, Instruction volume) {
    if (!request.cache() || !stages.isConfigured(stage)) {
      return;
    }
    for (Operands.Word word : Operands.of(volume).words()) {
      String text = Dockerfile.literal(word.text()).orElse(word.text());
      String path = text.startsWith("/") ? "/" + ContextFiles.clean(text) : text;
      boolean isSeen =
          FolderEdits.COMMON.matcher(path).matches()
              || stage.chain().stream()
                  .flatMap(one -> one.instructions().stream())
                  .filter(one -> MAKES_FOLDERS.contains(one.keyword()))
                  .anyMatch(one -> one.rest().contains(path) || one.rest().contains(text));
      if (!isSeen) {
        findings.differs(
            volume,
            "volume-folder",
            "Kaniko makes the folder %s where the image has none: make it by a RUN, with the owner that it needs"
                .formatted(path));
      }
    }
  }

  /**
   * Kaniko appends commands to SHELL's list in place ({@code pkg/commands/cmd.go}, {@code
   * entrypoint.go}): where the list has room, which Go gives to one of no power of two, the later
   * command overwrites the earlier one.
   */
  private void shell(BuildStage stage, Instruction shell) {
    int words = Operands.of(shell).words().size();
    List<Instruction> own = stage.instructions();
    List<Instruction> under =
        own.subList(own.indexOf(shell) + 1, own.size()).stream()
            .takeWhile(one -> !one.keyword().equals("SHELL"))
            .filter(one -> !Dockerfile.isJson(one.rest()))
            .toList();
    boolean bothInShellForm =
        Stream.of("CMD", "ENTRYPOINT")
            .allMatch(keyword -> under.stream().anyMatch(one -> one.keyword().equals(keyword)));
    if (bothInShellForm && Integer.bitCount(words) > 1) {
      findings.differs(
          shell,
          "shell-forms",
          "Kaniko gives CMD and ENTRYPOINT the same text after a SHELL of %d words: write one of them as a JSON list"
              .formatted(words));
    }
  }

  /**
   * Kaniko gives the folder that a tar is unpacked to the owner and mode of the tar's first folder,
   * and unpacks through links that are there ({@code UnpackLocalTarArchive}).
   */
  private void archive(BuildStage stage, CopyInstruction copy) {
    Optional<String> destination = CopyPlaces.destination(stage, copy);
    boolean isArchive =
        copy.instruction().keyword().equals("ADD")
            && copy.allSources().stream()
                .anyMatch(one -> !copy.isRemote(one) && Refusals.isUnpacked(one));
    if (!isArchive || destination.isEmpty()) {
      return;
    }
    String path = destination.get();
    boolean isOfBase =
        path.lastIndexOf('/') > 0
            && !FolderEdits.COMMON.matcher(path).matches()
            && !stage.chain().get(0).isScratch()
            && stage.before(copy.instruction()).stream()
                .noneMatch(one -> one.rest().contains(path));
    boolean hasLinks =
        stage.before(copy.instruction()).stream()
            .filter(one -> one.keyword().equals("RUN") && one.rest().contains("ln "))
            .flatMap(one -> stage.text(one).links().stream())
            .anyMatch(link -> link.path().startsWith(path + "/"));
    if (isOfBase || hasLinks) {
      findings.differs(
          copy.instruction(),
          "add-archive-folder",
          hasLinks
              ? "Kaniko unpacks through the links in %s, where folders of the archive should replace them: remove them in a RUN before"
                  .formatted(path)
              : "Kaniko gives the folder %s the owner and mode of the archive's own top folder, or of the first one in it: set them by a RUN after the ADD"
                  .formatted(path));
    }
  }

  private void download(BuildStage stage, CopyInstruction copy) {
    List<String> sources = copy.allSources();
    Optional<String> url =
        sources.stream().filter(copy::isRemote).filter(one -> one.contains("://")).findFirst();
    if (url.isPresent() && request.cache() && stages.runFollows(stage, copy.instruction())) {
      findings.differs(
          copy.instruction(),
          "add-url-cached",
          "Kaniko's cache does not notice when %s changes, so that RUNs after it come from the cache: write a version into the address"
              .formatted(url.get()));
    }
  }
}
