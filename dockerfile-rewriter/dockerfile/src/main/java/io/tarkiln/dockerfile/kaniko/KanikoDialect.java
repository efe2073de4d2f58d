package io.tarkiln.dockerfile.kaniko;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decides what Kaniko makes of a Dockerfile: refuses what it cannot build, edits what it would
 * build otherwise than BuildKit, and tells what remains. Only stages count that the build needs.
 */
public final class KanikoDialect {
  /** Images have at most 127 layers, so that no real build comes near. */
  private static final int MAX_INSTRUCTIONS = 1000;

  private final BuildRequest request;
  private final Dockerfile file;
  private final BuildStages stages;
  private final Edits edits;
  private final Findings findings = new Findings();

  private KanikoDialect(Dockerfile file, BuildRequest request) {
    this.file = file;
    this.request = request;
    this.stages = BuildStages.of(file, request.target());
    this.edits = new Edits(file.text());
  }

  /**
   * Decides about a file. One that is no Dockerfile is left: Kaniko says why.
   *
   * @param dockerfile with the names of images as they are to be pulled
   */
  public static Verdict of(byte[] dockerfile, BuildRequest request) {
    Optional<Dockerfile> read =
        Dockerfile.read(dockerfile, request.buildArgs(), request.platform());
    if (read.isEmpty()) {
      return new Verdict.Builds(dockerfile, List.of());
    }
    KanikoDialect dialect = new KanikoDialect(read.get(), request);
    long size =
        dialect.stages.built().stream().mapToLong(one -> one.instructions().size() + 1).sum();
    if (size > MAX_INSTRUCTIONS) {
      return new Verdict.Cannot(
          1,
          "too-long",
          "the stages that are built have more than %d instructions: build it in several images"
              .formatted(MAX_INSTRUCTIONS));
    }
    try {
      return readable(dockerfile, dialect.verdict(), request);
    } catch (Findings.CannotException cannot) {
      return cannot.verdict();
    }
  }

  /** Refuses a file that our edits have made unreadable, at the first line that they changed. */
  private static Verdict readable(byte[] before, Verdict verdict, BuildRequest request) {
    if (!(verdict instanceof Verdict.Builds builds)) {
      return verdict;
    }
    int changed = Arrays.mismatch(before, builds.dockerfile());
    if (changed < 0
        || Dockerfile.read(builds.dockerfile(), request.buildArgs(), request.platform())
            .isPresent()) {
      return verdict;
    }
    int line = 1;
    for (int i = 0; i < Math.min(changed, before.length); i++) {
      line += before[i] == '\n' ? 1 : 0;
    }
    return new Verdict.Cannot(
        line,
        "unwritable",
        "this or a later line would have to be written in another way for Kaniko, which its"
            + " quotes, backslashes or << do not allow: leave them out");
  }

  private Verdict verdict() {
    Refusals refusals = new Refusals(file, stages, request.files());
    stages.built().forEach(refusals::check);
    LinkRefusals links = new LinkRefusals(stages);
    stages.built().forEach(links::check);
    UnusedStages.empty(stages, edits);
    new ArgumentEdits(stages, request, edits).edit();
    CacheMarkers markers = new CacheMarkers(stages, request);
    FolderEdits folders = new FolderEdits(request, edits);
    DialectWarnings warnings = new DialectWarnings(stages, request, findings);
    for (BuildStage stage : stages.built()) {
      key(stage);
      folders.edit(stage, stages.isConfigured(stage));
      for (Instruction one : stage.instructions()) {
        ConfigurationEdits.edit(one, request, edits, findings);
        warnings.check(stage, one);
        if (CopyInstruction.isOne(one)) {
          copy(stage, new CopyInstruction(one), markers);
        }
      }
    }
    return new Verdict.Builds(edits.applied().getBytes(ISO_8859_1), findings.byLine());
  }

  /**
   * Kaniko's cache knows what a stage is FROM by the key of that stage's last instruction, and
   * where it has none by nothing ({@code finalCacheKey} in {@code pkg/executor/build.go}): layers
   * of another base were taken. An ARG that every build has anyway is an instruction without
   * effect.
   */
  private void key(BuildStage stage) {
    boolean isBase =
        stages.built().stream().anyMatch(one -> one.parent().equals(Optional.of(stage)));
    if (request.cache() && isBase && stage.instructions().isEmpty()) {
      edits.lineAfter(stage.from(), "ARG no_proxy");
    }
  }

  private void copy(BuildStage stage, CopyInstruction copy, CacheMarkers markers) {
    boolean isReadTwice = CopySources.isReadTwice(copy);
    CopySources.edit(copy, request.files());
    FolderWarnings folders = new FolderWarnings(new CopyPlaces(request.files()), findings);
    folders.parents(stage, copy);
    Optional<String> onto = folders.onto(stage, copy, stages.source(copy.instruction()));
    Optional<String> owner = Owners.of(stage, copy);
    Optional<List<CopyInstruction>> contents =
        new FolderContents(request.files()).of(stage, copy, onto.isPresent());
    if (contents.isPresent()) {
      contents.get().forEach(part -> markers.mark(stage, part));
      Instruction.Place place = copy.instruction().place();
      edits.replace(place.start(), place.end(), FolderContents.lines(contents.get(), owner));
      return;
    }
    if (isReadTwice) {
      int start = copy.instruction().place().start();
      edits.replace(start, start + "ADD".length(), "COPY");
    }
    onto.ifPresent(what -> folders.warnOnto(stage, copy, what));
    markers.mark(stage, copy);
    copy.write(edits);
    Optional<Token> flag = CopyInstruction.flag(copy.instruction(), "--chown");
    if (owner.isPresent() && flag.isPresent()) {
      int first = "--chown=".length();
      int[] at = flag.get().at();
      edits.replace(at[first], at[flag.get().text().length() - 1] + 1, owner.get());
    }
  }
}
