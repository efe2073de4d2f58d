package io.tarkiln.e2e.conformance.cases;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Dockerfile with its files, which both builders get.
 *
 * @param topic the name of the file that has it
 * @param source where it comes from: an address, or {@code ours: ...}
 * @param row of the table of issue 16 that it shows, if any
 * @param isSample whether it runs in every build of this repository
 * @param first the files
 * @param second what is different when the same service is built again; empty builds once
 * @param secondArguments build arguments of the second build where they are others
 * @param comparesTimes whether times of files count, too
 */
public record ConformanceCase(
    String name,
    String topic,
    String source,
    Optional<Integer> row,
    boolean isSample,
    Map<String, String> arguments,
    Map<String, String> secondArguments,
    Optional<String> target,
    String context,
    String dockerfile,
    boolean comparesTimes,
    List<CaseFile> first,
    List<CaseFile> second) {
  public ConformanceCase {
    arguments = Map.copyOf(arguments);
    secondArguments = Map.copyOf(secondArguments);
    first = List.copyOf(first);
    second = List.copyOf(second);
  }

  /** Whether the same service is built twice, and the second image is compared. */
  public boolean isBuiltTwice() {
    return !second.isEmpty() || !secondArguments.equals(arguments);
  }

  /** The same with each {@code {{name}}} in a file replaced by what it stands for. */
  public ConformanceCase with(Map<String, String> values) {
    return new ConformanceCase(
        name,
        topic,
        source,
        row,
        isSample,
        arguments,
        secondArguments,
        target,
        context,
        dockerfile,
        comparesTimes,
        first.stream().map(file -> file.with(values)).toList(),
        second.stream().map(file -> file.with(values)).toList());
  }

  /** The Dockerfile as a person reads it. */
  public String dockerfileText() {
    return first.stream()
        .filter(file -> file.name().equals(dockerfile))
        .map(CaseFile::text)
        .findFirst()
        .orElse("(there is no " + dockerfile + ")");
  }
}
