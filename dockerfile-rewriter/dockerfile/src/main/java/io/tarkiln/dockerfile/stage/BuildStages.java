package io.tarkiln.dockerfile.stage;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stages of a Dockerfile, and which of them a build needs. */
public final class BuildStages {
  private static final Pattern MOUNT_FROM = Pattern.compile("(?:[=,]|^)from=([^,]*)");

  private final List<Instruction> globals = new ArrayList<>();
  private final List<BuildStage> all = new ArrayList<>();
  private final Set<Integer> built = new TreeSet<>();
  private Optional<BuildStage> end = Optional.empty();
  private final Map<String, BuildStage> byName = new HashMap<>();
  private final Map<Instruction, BuildStage> sources = new IdentityHashMap<>();
  private final RunTexts texts = new RunTexts();

  private BuildStages() {}

  public static BuildStages of(Dockerfile file, Optional<String> target) {
    BuildStages stages = new BuildStages();
    stages.read(file);
    stages.choose(target);
    return stages;
  }

  private void read(Dockerfile file) {
    boolean trigger = false;
    for (Instruction instruction : file.instructions()) {
      if (instruction.keyword().equals("FROM")) {
        begin(file, instruction);
      } else if (all.isEmpty()) {
        globals.add(instruction);
      } else {
        BuildStage last = all.get(all.size() - 1);
        (trigger ? last.triggers() : last.instructions()).add(instruction);
        sourceName(instruction)
            .flatMap(name -> earlier(name, last))
            .ifPresent(stage -> sources.put(instruction, stage));
      }
      trigger = instruction.keyword().equals("ONBUILD");
    }
    all.stream().skip(Math.max(0, all.size() - 1)).forEach(this::name);
  }

  private void begin(Dockerfile file, Instruction from) {
    all.stream().skip(Math.max(0, all.size() - 1)).forEach(this::name);
    List<Token> words = from.words();
    String base = file.base(from).orElse(words.get(0).text());
    Optional<String> name =
        words.size() == 3
            ? Optional.of(words.get(2).text().toLowerCase(Locale.ROOT))
            : Optional.empty();
    all.add(new BuildStage(all.size(), from, name, named(base), base, texts));
  }

  /** A stage can be named by those after it. */
  private void name(BuildStage stage) {
    stage.name().ifPresent(name -> byName.put(name, stage));
  }

  /** BuildKit takes the last stage of a name so far. */
  private Optional<BuildStage> named(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  private Optional<BuildStage> earlier(String name, BuildStage stage) {
    if (name.matches("\\+?[0-9]{1,6}")) {
      int index = Integer.parseInt(name);
      return index < stage.index() ? Optional.of(all.get(index)) : Optional.empty();
    }
    return named(name);
  }

  private static Optional<String> sourceName(Instruction instruction) {
    for (Token flag : instruction.flags()) {
      String text = flag.text();
      if (instruction.keyword().equals("COPY") && text.startsWith("--from=")) {
        return Optional.of(text.substring("--from=".length()));
      }
      Matcher from = MOUNT_FROM.matcher(text);
      if (instruction.keyword().equals("RUN") && text.startsWith("--mount=") && from.find()) {
        return Optional.of(from.group(1));
      }
    }
    return Optional.empty();
  }

  private void choose(Optional<String> target) {
    end = target.isPresent() ? named(target.get()) : Optional.of(all.get(all.size() - 1));
    Deque<BuildStage> needed = new ArrayDeque<>();
    if (end.isPresent()) {
      needed.add(end.get());
    } else {
      needed.addAll(all); // Kaniko says that there is no such stage
    }
    while (!needed.isEmpty()) {
      BuildStage stage = needed.remove();
      if (built.add(stage.index())) {
        stage.parent().ifPresent(needed::add);
        stage.instructions().forEach(one -> source(one).ifPresent(needed::add));
        stage.parent().stream()
            .flatMap(parent -> parent.triggers().stream())
            .forEach(one -> source(one).ifPresent(needed::add));
      }
    }
  }

  /** The stage that an instruction takes files from. */
  public Optional<BuildStage> source(Instruction instruction) {
    return Optional.ofNullable(sources.get(instruction));
  }

  /** The ARGs before the first FROM. */
  public List<Instruction> globals() {
    return globals;
  }

  public List<BuildStage> all() {
    return all;
  }

  /** The stages that the build needs, in the order of the file. */
  public List<BuildStage> built() {
    return built.stream().map(all::get).toList();
  }

  public boolean isBuilt(BuildStage stage) {
    return built.contains(stage.index());
  }

  /**
   * Whether a stage's configuration comes into the image: it is what is built, or that is FROM it.
   */
  public boolean isConfigured(BuildStage stage) {
    return end.isEmpty() || end.get().chain().contains(stage);
  }

  /** Whether a RUN comes after an instruction in its stage, or in one that is FROM it. */
  public boolean runFollows(BuildStage stage, Instruction instruction) {
    return stage.instructions().stream()
            .anyMatch(one -> one.keyword().equals("RUN") && one.line() > instruction.line())
        || built().stream()
            .anyMatch(one -> one != stage && one.chain().contains(stage) && hasRun(one));
  }

  private static boolean hasRun(BuildStage stage) {
    return stage.has("RUN")
        || stage.parent().stream()
            .flatMap(parent -> parent.triggers().stream())
            .anyMatch(one -> one.keyword().equals("RUN"));
  }
}
