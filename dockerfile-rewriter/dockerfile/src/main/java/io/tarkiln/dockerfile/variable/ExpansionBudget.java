package io.tarkiln.dockerfile.variable;

/**
 * What the variables of one file may cost, so that no file takes long: a step is about a character
 * that is looked at. Real files need some thousands.
 */
public final class ExpansionBudget {
  private static final long MAX_STEPS = 1L << 27;

  private long left = MAX_STEPS;

  /** Counts steps that are about to be taken. */
  void spend(long steps) throws Expansion.UnresolvedException {
    left -= steps;
    if (left < 0) {
      throw new Expansion.UnresolvedException("the file's variables take too long");
    }
  }
}
