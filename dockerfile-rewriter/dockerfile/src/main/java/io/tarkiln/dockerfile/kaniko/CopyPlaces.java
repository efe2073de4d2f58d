package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a COPY goes, and whether it copies a folder, as far as the file and the context show. */
record CopyPlaces(ContextFiles files) {
  /** Names that folders have which are built in one stage and copied from it. */
  private static final Pattern FOLDER =
      Pattern.compile(
          "(?i).*/(build|dist|public|publish|target|out|output|node_modules|\\.?venv|vendor|static"
              + "|assets|html|www|site|site-packages|wheels|lib|conf|config|data|templates)");

  private static final Pattern FILE =
      Pattern.compile(".*/s?bin/?([^/]+)?|.*/[^/]+\\.[A-Za-z0-9]{1,12}");

  /** The path of the single source, from the root; empty for several, wildcards and variables. */
  static Optional<String> source(CopyInstruction copy) {
    List<String> sources = copy.allSources();
    return sources.size() == 1 && !copy.isRemote(sources.get(0))
        ? Dockerfile.literal(sources.get(0))
            .filter(text -> !PathPattern.isOne(text))
            .map(text -> "/" + ContextFiles.clean(text))
        : Optional.empty();
  }

  /** Where the files go; empty where the folder or a variable is not known. */
  static Optional<String> destination(BuildStage stage, CopyInstruction copy) {
    String text = Dockerfile.literal(copy.destination()).orElse("");
    if (text.startsWith("/")) {
      return Optional.of("/" + ContextFiles.clean(text));
    }
    Optional<String> folder =
        stage.before(copy.instruction()).stream()
            .filter(one -> one.keyword().equals("WORKDIR"))
            .reduce((first, last) -> last)
            .map(one -> absolute(one.rest()))
            .filter(path -> !path.isEmpty());
    return text.isEmpty()
        ? Optional.empty()
        : folder.map(path -> "/" + ContextFiles.clean(path + "/" + text));
  }

  /** A path from the root without variables; else nothing. */
  static String absolute(String text) {
    return Dockerfile.literal(text)
        .filter(path -> path.startsWith("/"))
        .map(path -> "/" + ContextFiles.clean(path))
        .orElse("");
  }

  /** Whether what is copied is a folder: of the context, or by how it is written. */
  boolean copiesFolder(CopyInstruction copy, String destination) {
    Optional<String> source = source(copy);
    if (source.isEmpty()) {
      return false;
    }
    if (copy.isFromContext()) {
      return files.areKnown() && files.isFolder(source.get().substring(1));
    }
    String text = Dockerfile.literal(copy.allSources().get(0)).orElse("");
    return text.endsWith("/")
        || text.endsWith("/.")
        || (source.get().length() > 1 && source.get().equals(destination));
  }

  /** Whether a stage visibly makes a folder of what is copied from it. */
  static boolean makesFolder(Optional<BuildStage> stage, CopyInstruction copy) {
    Optional<String> path = source(copy);
    return stage.isPresent()
        && path.isPresent()
        && stage.get().chain().stream()
            .flatMap(one -> one.instructions().stream())
            .anyMatch(one -> makesFolder(stage.get(), one, path.get()));
  }

  private static boolean makesFolder(BuildStage stage, Instruction one, String path) {
    return switch (one.keyword()) {
      case "WORKDIR" -> path.equals(absolute(one.rest()));
      case "RUN" -> one.rest().contains(path) && stage.text(one).makesFolder(path);
      default -> false;
    };
  }

  /** Whether what is copied has a name that folders have which one stage makes for another. */
  static boolean hasNameOfFolder(CopyInstruction copy) {
    return source(copy).filter(path -> FOLDER.matcher(path).matches()).isPresent();
  }

  /** Whether a path looks like that of a file, or of the folder of programs that one goes to. */
  static boolean looksLikeFile(String path) {
    return FILE.matcher(path).matches();
  }
}
