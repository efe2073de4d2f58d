package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.stage.RunText;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.Optional;
import java.util.stream.Stream;

/** Refuses where Kaniko fails at symbolic links that lead nowhere, as far as they can be seen. */
record LinkRefusals(BuildStages stages) {
  /** More are not looked at. */
  private static final int MAX_LINKS = 500;

  void check(BuildStage stage) {
    boolean isBase =
        stages.built().stream().anyMatch(one -> one.parent().equals(Optional.of(stage)));
    for (Instruction one : stage.instructions()) {
      if (CopyInstruction.isOne(one)) {
        destination(stage, new CopyInstruction(one));
      } else if (isBase && one.keyword().equals("RUN")) {
        replaced(stage, one);
      }
    }
  }

  /** A COPY to a link that came with a folder of a stage ({@code resolveIfSymlink}). */
  private void destination(BuildStage stage, CopyInstruction copy) {
    String to = CopyPlaces.destination(stage, copy).orElse("");
    for (Instruction one : stage.before(copy.instruction())) {
      Optional<BuildStage> source = stages.source(one);
      Optional<String> from =
          CopyInstruction.isOne(one)
              ? CopyPlaces.source(new CopyInstruction(one))
              : Optional.empty();
      if (source.isPresent() && from.isPresent()) {
        String folder = CopyPlaces.destination(stage, new CopyInstruction(one)).orElse("/");
        if (to.startsWith(folder + "/")) {
          String inside = from.get() + to.substring(folder.length());
          links(source.get())
              .filter(link -> inside.endsWith("/" + link.path()) || inside.equals(link.path()))
              .map(link -> resolved(to, link.target()))
              .filter(real -> isMissing(stage, copy, real))
              .findFirst()
              .ifPresent(real -> refuseDestination(copy, to, real));
        }
      }
    }
  }

  private static void refuseDestination(CopyInstruction copy, String to, String real) {
    throw Findings.cannot(
        copy.instruction(),
        "copy-dangling-link",
        "%s is a link that leads nowhere, at which Kaniko fails: COPY to %s, where it leads"
            .formatted(to, real));
  }

  private static Stream<RunText.Link> links(BuildStage stage) {
    return stage.chain().stream()
        .flatMap(one -> one.instructions().stream())
        .filter(one -> one.keyword().equals("RUN") && one.rest().contains("ln "))
        .flatMap(one -> stage.text(one).links().stream())
        .limit(MAX_LINKS);
  }

  private static String resolved(String link, String target) {
    String folder = link.substring(0, link.lastIndexOf('/') + 1);
    return "/" + ContextFiles.clean(target.startsWith("/") ? target : folder + target);
  }

  /** Whether nothing before an instruction can have made a path. */
  private static boolean isMissing(BuildStage stage, CopyInstruction copy, String path) {
    return stage.before(copy.instruction()).stream()
        .noneMatch(
            one ->
                one.rest().contains(path)
                    || (CopyInstruction.isOne(one) && (path + "/").startsWith(folder(stage, one))));
  }

  private static String folder(BuildStage stage, Instruction copy) {
    String to = CopyPlaces.destination(stage, new CopyInstruction(copy)).orElse("/");
    return to.endsWith("/") ? to : to + "/";
  }

  /**
   * A link that becomes a folder in one RUN, and whose target goes: Kaniko unpacks the stage for
   * the next one through the link ({@code mkdir: file exists}).
   */
  private static void replaced(BuildStage stage, Instruction run) {
    RunText text = stage.text(run);
    if (!run.rest().contains("mkdir") || !run.rest().contains("rm ")) {
      return;
    }
    stage.before(run).stream()
        .filter(one -> one.keyword().equals("RUN") && one.rest().contains("ln "))
        .flatMap(one -> stage.text(one).links().stream())
        .limit(MAX_LINKS)
        .filter(link -> text.removes(link.path()) && text.makesFolder(link.path()))
        .filter(link -> link.path().startsWith("/") && removes(stage, link))
        .findFirst()
        .ifPresent(
            link -> {
              throw Findings.cannot(
                  run,
                  "link-replaced",
                  "Kaniko cannot unpack a stage where one RUN makes a folder of the link %s, whose target is removed: remove the link in a RUN of its own before"
                      .formatted(link.path()));
            });
  }

  private static boolean removes(BuildStage stage, RunText.Link link) {
    String target = resolved(link.path(), link.target());
    return stage.instructions().stream()
        .anyMatch(
            one ->
                one.keyword().equals("RUN")
                    && one.rest().contains(target)
                    && stage.text(one).removes(target));
  }
}
