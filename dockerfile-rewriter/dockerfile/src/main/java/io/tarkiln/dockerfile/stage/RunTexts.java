package io.tarkiln.dockerfile.stage;

import io.tarkiln.dockerfile.syntax.Instruction;
import java.util.IdentityHashMap;
import java.util.Map;

/** The texts of a file's RUNs, each read once, and how much may still be searched in them. */
final class RunTexts {
  /** Words; a hostile file of a mebibyte is searched for less than a second. */
  private static final long MAX_STEPS = 8_000_000;

  private final Map<Instruction, RunText> byInstruction = new IdentityHashMap<>();
  private long left = MAX_STEPS;

  RunText of(Instruction run) {
    return byInstruction.computeIfAbsent(run, one -> RunText.of(one.rest(), this));
  }

  /** Whether so many words may be looked at, which are counted then. */
  boolean spend(int words) {
    left -= words;
    return left >= 0;
  }
}
