package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;

/**
 * Empties stages that the build does not need: Kaniko builds every stage before the last, and pulls
 * its image ({@code pkg/executor/build.go}). They stay as {@code FROM scratch}, so that others keep
 * their index.
 */
final class UnusedStages {
  private UnusedStages() {}

  static void empty(BuildStages stages, Edits edits) {
    for (BuildStage stage : stages.all()) {
      if (!stages.isBuilt(stage)) {
        String name = stage.name().isPresent() ? " AS " + stage.from().words().get(2).text() : "";
        edits.blankAfter(stage.from(), "FROM scratch" + name);
        for (Instruction instruction : stage.instructions()) {
          edits.blank(instruction);
        }
      }
    }
  }
}
