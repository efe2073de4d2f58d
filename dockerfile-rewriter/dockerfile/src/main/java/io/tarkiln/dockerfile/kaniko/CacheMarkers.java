package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.context.ContextFiles;
import io.tarkiln.dockerfile.context.PathPattern;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes Kaniko's cache notice names. Its key of a COPY is the instruction's text and the contents
 * of files, no names ({@code pkg/executor/composite_cache.go}): after a rename, a RUN that follows
 * would be taken from the cache. A source {@code d} written as {@code <digest>/../d} means the same
 * path and puts a digest of names into the text.
 */
final class CacheMarkers {
  private final BuildStages stages;
  private final BuildRequest request;
  private final Map<BuildStage, String> digests = new HashMap<>();

  CacheMarkers(BuildStages stages, BuildRequest request) {
    this.stages = stages;
    this.request = request;
  }

  /** Marks a COPY or ADD if a RUN that follows could meet a layer of other names. */
  void mark(BuildStage stage, CopyInstruction copy) {
    if (!request.cache() || !stages.runFollows(stage, copy.instruction())) {
      return;
    }
    if (copy.isFromContext()) {
      names(copy).ifPresent(names -> prefix(copy, ContextFiles.digest(names)));
    } else {
      stages
          .source(copy.instruction())
          .ifPresent(source -> prefix(copy, ContextFiles.digest(List.of(digest(source)))));
    }
  }

  /** What the cache does not see of the names that are copied; empty where it sees all. */
  private Optional<List<String>> names(CopyInstruction copy) {
    List<String> names = new ArrayList<>();
    for (String source : copy.allSources()) {
      if (!copy.isRemote(source) && !isSingleFile(source)) {
        names.add(listed(source, false));
      }
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** A file that is named says its name in the instruction's text. */
  private boolean isSingleFile(String source) {
    Optional<String> literal = Dockerfile.literal(source);
    if (literal.isEmpty() || PathPattern.isOne(literal.get()) || !request.files().areKnown()) {
      return false;
    }
    String path = ContextFiles.clean(literal.get());
    return request.files().exists(path) && !request.files().isFolder(path);
  }

  private String listed(String source, boolean contents) {
    ContextFiles files = request.files();
    Optional<String> path = Dockerfile.literal(source).map(ContextFiles::clean);
    if (path.isEmpty() || !files.areKnown()) {
      return files.listed("", contents);
    }
    if (!PathPattern.isOne(path.get())) {
      return files.listed(files.resolve(path.get()).orElse(path.get()), contents);
    }
    StringBuilder all = new StringBuilder();
    Optional<PathPattern> pattern = PathPattern.of(path.get());
    if (pattern.isEmpty()) {
      return files.listed("", contents);
    }
    files.matches(pattern.get()).forEach(match -> all.append(files.listed(match, contents)));
    return all.toString();
  }

  /** What a stage's files hang on: its instructions, the arguments, and the files it copies. */
  private String digest(BuildStage stage) {
    String known = digests.get(stage);
    if (known != null) {
      return known;
    }
    List<String> all = new ArrayList<>();
    all.add(new TreeMap<>(request.buildArgs()).toString());
    stages.globals().forEach(argument -> all.add(argument.rest()));
    all.add(stage.parent().map(this::digest).orElse(stage.base()));
    stage.parent().ifPresent(parent -> parent.triggers().forEach(one -> add(all, one)));
    stage.instructions().forEach(one -> add(all, one));
    String digest = ContextFiles.digest(all);
    digests.put(stage, digest);
    return digest;
  }

  private void add(List<String> all, Instruction instruction) {
    all.add(instruction.keyword());
    instruction.flags().forEach(flag -> all.add(flag.text()));
    all.add(instruction.rest());
    stages.source(instruction).ifPresent(source -> all.add(digest(source)));
    if (CopyInstruction.isOne(instruction)) {
      CopyInstruction copy = new CopyInstruction(instruction);
      if (copy.isFromContext()) {
        copy.allSources().stream()
            .filter(source -> !copy.isRemote(source))
            .forEach(source -> all.add(listed(source, true)));
      }
    }
  }

  private static void prefix(CopyInstruction copy, String digest) {
    for (int i = 0; i < copy.sources().size(); i++) {
      List<String> words = new ArrayList<>(copy.sources().get(i));
      if (!words.isEmpty() && !copy.isRemote(words.get(0))) {
        String first = words.get(0);
        String marked =
            first.startsWith("/")
                ? "/" + digest + "/.." + first
                : (copy.isFromContext() ? "" : "/") + digest + "/../" + first;
        words.set(0, marked);
        copy.source(i, words);
        return;
      }
    }
  }
}
