package io.tarkiln.dockerfile.kaniko;

import java.util.List;

/** What Kaniko can make of a Dockerfile. */
public sealed interface Verdict {
  /**
   * It builds what the Dockerfile says, but for what the warnings tell.
   *
   * @param dockerfile what Kaniko is to read in the Dockerfile's place
   * @param differences in the order of lines
   */
  record Builds(byte[] dockerfile, List<Difference> differences) implements Verdict {
    public Builds {
      differences = List.copyOf(differences);
    }
  }

  /**
   * It would fail, or leave something out and say nothing.
   *
   * @param line first line of the instruction, from 1
   * @param code for machines; the documentation has a row for each
   * @param message what Kaniko would do, and what to write instead
   */
  record Cannot(int line, String code, String message) implements Verdict {}

  /**
   * A line that Kaniko builds otherwise.
   *
   * @param line first line of the instruction, from 1
   * @param code for machines; the documentation has a row for each
   * @param message what differs, and what to write instead
   */
  record Difference(int line, String code, String message) {}
}
