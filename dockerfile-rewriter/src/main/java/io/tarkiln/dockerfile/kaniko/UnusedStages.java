package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.Instruction;
import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.stage.Stage;
import io.tarkiln.dockerfile.stage.Stages;

/**
 * Empties stages that the build does not need: Kaniko builds every stage before the last, and pulls
 * its image ({@code pkg/executor/build.go}). They stay as {@code FROM scratch}, so that others keep
 * their index.
 */
final class UnusedStages {
  private UnusedStages() {}

  static void empty(Stages stages, Edits edits) {
    for (Stage stage : stages.all()) {
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
