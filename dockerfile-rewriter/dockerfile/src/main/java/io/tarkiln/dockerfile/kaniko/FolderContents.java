package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes a COPY of a folder of the context as COPYs of what is in it: one of its files, and one of
 * each of its folders. The folder that they go to keeps its owner and mode then, which Kaniko would
 * take from the folder that is copied.
 */
record FolderContents(ContextFiles files) {
  /** Each is a layer, of which an image has at most 127. */
  private static final int MAX_FOLDERS = 25;

  /** Flags that mean the same on each of them. */
  private static final Pattern FLAG = Pattern.compile("--(chown|chmod)=\\S+|--link(=true)?");

  private static final int MAX_NAMES = 200;
  private static final int MAX_UNASKED = 50;

  /**
   * The COPYs that are to stand for one; empty where that one has to stay.
   *
   * @param isThere whether the file shows that the destination has an owner or mode of its own:
   *     else there is one COPY, or it stays
   */
  Optional<List<CopyInstruction>> of(BuildStage stage, CopyInstruction copy, boolean isThere) {
    Optional<String> source = CopyPlaces.source(copy).map(path -> path.substring(1));
    if (source.isEmpty()
        || !copy.isFromContext()
        || !files.areKnown()
        || !files.isFolder(source.get())
        || copy.instruction().place().isOpen()
        || !copy.instruction().flags().stream()
            .allMatch(flag -> FLAG.matcher(flag.text()).matches())
        || (!isThere && !mayBeThere(stage, copy))) {
      return Optional.empty();
    }
    List<String> names = files.names(source.get());
    String prefix = source.get().isEmpty() ? "" : source.get() + "/";
    List<String> folders = names.stream().filter(name -> files.isFolder(prefix + name)).toList();
    boolean isHeld = names.stream().allMatch(FolderContents::canBeWritten);
    if (!isHeld
        || names.size() > (isThere ? MAX_NAMES : MAX_UNASKED)
        || folders.size() > (isThere ? MAX_FOLDERS : 0)) {
      return Optional.empty();
    }
    String to = copy.destination().endsWith("/") ? copy.destination() : copy.destination() + "/";
    List<CopyInstruction> parts = new ArrayList<>();
    List<String> single =
        names.stream()
            .filter(name -> !folders.contains(name))
            .map(name -> word(prefix + name))
            .toList();
    if (!single.isEmpty()) {
      parts.add(copy.part(single, to));
    }
    for (String folder : folders) {
      parts.add(copy.part(List.of(word(prefix + folder)), to + CopyInstruction.word(folder) + "/"));
    }
    return Optional.of(parts);
  }

  /**
   * Whether a base image may have the destination, and nothing in the file does: a folder such as
   * {@code /opt/airflow/dags}.
   */
  private static boolean mayBeThere(BuildStage stage, CopyInstruction copy) {
    Optional<String> destination = CopyPlaces.destination(stage, copy);
    if (destination.isEmpty()
        || !copy.instruction().flags().isEmpty()
        || stage.chain().get(0).isScratch()) {
      return false;
    }
    String path = destination.get();
    String top = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    return !top.isEmpty()
        && !FolderEdits.COMMON.matcher(path).matches()
        && stage.before(copy.instruction()).stream()
            .map(Instruction::rest)
            .noneMatch(
                rest ->
                    rest.contains(path)
                        || (!FolderEdits.COMMON.matcher(top).matches() && rest.contains(top)));
  }

  private static boolean canBeWritten(String name) {
    return name.chars().allMatch(c -> c >= ' ') && !name.contains("<<");
  }

  private static String word(String path) {
    String word = CopyInstruction.word(PathPattern.quoted(path));
    return word.startsWith("-") || word.startsWith("[") ? "./" + word : word;
  }

  static String lines(List<CopyInstruction> parts, Optional<String> chown) {
    return parts.stream().map(part -> part.line(chown)).collect(Collectors.joining("\n"));
  }
}
