package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.edit.Operands;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Edits WORKDIR and VOLUME, which Kaniko makes folders for in its own way. */
final class FolderEdits {
  private static final Set<String> CHANGES_FILES = Set.of("RUN", "COPY", "ADD", "WORKDIR");

  /** Folders of every system, and those in them that images have as a rule. */
  static final Pattern COMMON =
      Pattern.compile(
          "/?|/(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)"
              + "|/usr/(bin|lib|local|sbin|share|src|local/(bin|etc|lib|sbin|share|src))"
              + "|/var/(cache|lib|log|run|spool|tmp|www|www/html)|/etc/[a-z.]+");

  private final BuildRequest request;
  private final Edits edits;

  FolderEdits(BuildRequest request, Edits edits) {
    this.request = request;
    this.edits = edits;
  }

  /**
   * Edits a stage.
   *
   * @param isConfigured whether its configuration comes into the image
   */
  void edit(BuildStage stage, boolean isConfigured) {
    unpack(stage);
    if (isConfigured) {
      volumes(stage);
    } else {
      stage.instructions().stream()
          .filter(one -> one.keyword().equals("VOLUME"))
          .forEach(edits::blank);
    }
    stage.instructions().stream()
        .filter(one -> one.keyword().equals("WORKDIR"))
        .forEach(one -> parents(stage, one));
  }

  /**
   * Kaniko unpacks no image for a stage that has neither COPY nor ADD and takes its RUNs from the
   * cache ({@code RequiresUnpackedFS}). WORKDIR then knows no users, and makes anew what the image
   * has. A COPY of nothing has it unpack.
   */
  private void unpack(BuildStage stage) {
    boolean isEmpty = stage.chain().get(0).isScratch();
    boolean unpacks = stage.has("COPY", "ADD") || (stage.has("RUN") && !request.cache());
    if (stage.has("WORKDIR") && !isEmpty && !unpacks) {
      edits.lineAfter(stage.from(), "COPY .tarkiln-nothing[0] /");
    }
  }

  /** BuildKit gives the user all the folders that a WORKDIR makes, Kaniko the last alone. */
  private void parents(BuildStage stage, Instruction workdir) {
    Optional<String> path = Dockerfile.literal(workdir.rest());
    Optional<String> user = user(stage, workdir);
    if (path.isEmpty() || !path.get().startsWith("/") || user.isEmpty()) {
      return;
    }
    String folder = "";
    String[] parts = ContextFiles.clean(path.get()).split("/");
    for (int i = 0; i < parts.length - 1; i++) {
      folder += "/" + parts[i];
      if (!COMMON.matcher(folder).matches() && !folder.matches(".*\\s.*")) {
        edits.lineBefore(workdir, "WORKDIR " + CopyInstruction.word(folder));
      }
    }
  }

  /** The last USER before an instruction; empty where there is none but root. */
  static Optional<String> user(BuildStage stage, Instruction end) {
    return stage.before(end).stream()
        .filter(one -> one.keyword().equals("USER"))
        .map(Instruction::rest)
        .reduce((first, last) -> last)
        .filter(user -> !user.matches("(root|0)(:.*)?"));
  }

  /**
   * Kaniko keeps nothing that is written to a volume after its VOLUME ({@code
   * AddVolumePathToIgnoreList}), and with its cache makes the folder before all else. BuildKit only
   * writes the name into the configuration, so the instruction can stand at the end of its stage.
   */
  private void volumes(BuildStage stage) {
    List<Instruction> own = stage.instructions();
    Instruction last = own.isEmpty() ? stage.from() : own.get(own.size() - 1);
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Instruction volume = own.get(i);
      if (!volume.keyword().equals("VOLUME")) {
        continue;
      }
      List<Instruction> after = own.subList(i + 1, own.size());
      boolean changes = after.stream().anyMatch(one -> CHANGES_FILES.contains(one.keyword()));
      boolean redefined =
          volume.rest().indexOf('$') >= 0
              && after.stream().anyMatch(one -> Set.of("ENV", "ARG").contains(one.keyword()));
      if (changes
          && !redefined
          && !last.place().isOpen()
          && volume.rest().chars().noneMatch(c -> c == '\n')) {
        edits.blank(volume);
        moved.add("VOLUME " + volume.rest());
      }
      if (request.cache()) {
        Operands.of(volume).words().forEach(word -> make(own, word.text()));
      }
    }
    moved.forEach(line -> edits.lineAfter(last, line));
  }

  /** A RUN that makes the folder of a volume would find it there: it is taken away before. */
  private void make(List<Instruction> own, String volume) {
    String path = volume.replaceFirst("/+$", "");
    if (!path.matches("/[A-Za-z0-9._/-]+")) {
      return;
    }
    Pattern makes =
        Pattern.compile(
            "\\bmkdir\\s+(?!-p|--parents)(?:-m\\s*\\S+\\s+|-v\\s+)?(?:[^-;&|\\s]\\S*\\s+)*"
                + Pattern.quote(path)
                + "/?(?=[\\s;&|]|$)"
                + "|\\b(?:useradd|adduser)\\b[^;&|]*\\s(?:-\\w*[dh]|--home(?:-dir)?)[\\s=]"
                + Pattern.quote(path)
                + "/?(?=[\\s;&|]|$)");
    for (Instruction run : own) {
      if (run.keyword().equals("RUN")
          && !Dockerfile.isJson(run.rest())
          && run.rest().contains(path)
          && makes.matcher(run.rest()).find()) {
        int start = run.place().ofRest(0);
        edits.replace(start, start, "rmdir " + path + " 2>/dev/null; ");
        return;
      }
    }
  }
}
