package io.tarkiln.dockerfile.stage;

import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stage of a Dockerfile: what one FROM begins. */
public final class BuildStage {
  private final int index;
  private final Instruction from;
  private final Optional<String> name;
  private final Optional<BuildStage> parent;
  private final String base;
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<Instruction> triggers = new ArrayList<>();
  private final RunTexts texts;

  /**
   * Begins a stage.
   *
   * @param name lower case
   * @param parent the stage that it is FROM; empty where that is an image
   * @param base what FROM names
   * @param texts of all stages of the file
   */
  BuildStage(
      int index,
      Instruction from,
      Optional<String> name,
      Optional<BuildStage> parent,
      String base,
      RunTexts texts) {
    this.index = index;
    this.from = from;
    this.name = name;
    this.parent = parent;
    this.base = base;
    this.texts = texts;
  }

  public int index() {
    return index;
  }

  public Instruction from() {
    return from;
  }

  public Optional<String> name() {
    return name;
  }

  public Optional<BuildStage> parent() {
    return parent;
  }

  public String base() {
    return base;
  }

  public boolean isScratch() {
    return parent.isEmpty() && base.equals("scratch");
  }

  /** After FROM; ONBUILD among them, but not what it triggers. */
  public List<Instruction> instructions() {
    return instructions;
  }

  /** What its ONBUILDs trigger in stages that are FROM it. */
  public List<Instruction> triggers() {
    return triggers;
  }

  public boolean has(String... keywords) {
    List<String> wanted = List.of(keywords);
    return instructions.stream().anyMatch(one -> wanted.contains(one.keyword()));
  }

  /** The stages that it is FROM, the first one first, and itself at the end. */
  public List<BuildStage> chain() {
    List<BuildStage> chain = new ArrayList<>();
    for (Optional<BuildStage> stage = Optional.of(this);
        stage.isPresent();
        stage = stage.get().parent) {
      chain.add(0, stage.get());
    }
    return chain;
  }

  /** The commands of a RUN of the file. */
  public RunText text(Instruction run) {
    return texts.of(run);
  }

  /** All that is done up to before an instruction of this stage, earlier stages included. */
  public List<Instruction> before(Instruction end) {
    List<Instruction> before = new ArrayList<>();
    for (BuildStage stage : chain()) {
      for (Instruction instruction : stage.instructions) {
        if (instruction == end) {
          return before;
        }
        before.add(instruction);
      }
    }
    return before;
  }
}
