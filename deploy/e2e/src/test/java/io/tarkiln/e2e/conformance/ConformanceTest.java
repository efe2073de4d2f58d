package io.tarkiln.e2e.conformance;

import static org.assertj.core.api.Assertions.fail;

import io.tarkiln.e2e.conformance.cases.CaseSuite;
import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * An image is what BuildKit makes of the same Dockerfile, or {@code kaniko-differences} says why
 * not. {@code deploy/e2e/conformance} runs all cases, a build of this repository a sample.
 */
@Tag("kaniko")
class ConformanceTest {
  private static final String WHICH = System.getProperty("tarkiln.conformance", "sample");
  private static final boolean UPDATES = Boolean.getBoolean("tarkiln.conformance.update");
  private static final Optional<Path> REPORT =
      Optional.ofNullable(System.getProperty("tarkiln.conformance.report")).map(Path::of);
  private static final int AT_ONCE = Integer.getInteger("tarkiln.conformance.at-once", 2);

  private static final ConcurrentMap<String, CaseResult> RESULTS = new ConcurrentHashMap<>();
  private static final ExecutorService BUILDERS = Executors.newFixedThreadPool(AT_ONCE);
  private static ConformanceFixture laboratory;

  @BeforeAll
  static void open() throws Exception {
    laboratory = ConformanceFixture.open(AT_ONCE);
  }

  @AfterAll
  static void close() throws Exception {
    BUILDERS.shutdownNow();
    laboratory.close();
    if (UPDATES) {
      Map<String, CaseOutcome> outcomes = new TreeMap<>();
      RESULTS.forEach((name, result) -> outcomes.put(name, result.outcome()));
      Files.writeString(KnownDifferences.file(), KnownDifferences.read().updated(outcomes).text());
    }
    List<String> lines = new ArrayList<>();
    new TreeMap<>(RESULTS).forEach((name, result) -> lines.add(line(name, result)));
    if (REPORT.isPresent()) {
      Files.write(REPORT.get(), lines);
    }
    System.out.println(summary());
  }

  private static String line(String name, CaseResult result) {
    return "%-42s %-18s %5d ms  %s"
        .formatted(
            name,
            result.outcome().wire(),
            result.milliseconds(),
            result.lines().stream().limit(6).collect(Collectors.joining(" // ")));
  }

  private static String summary() {
    String slowest =
        RESULTS.entrySet().stream()
            .sorted(Comparator.comparing(each -> -each.getValue().milliseconds()))
            .limit(10)
            .map(each -> each.getKey() + " " + each.getValue().milliseconds() + " ms")
            .collect(Collectors.joining(", "));
    Map<CaseOutcome, Long> counts =
        RESULTS.values().stream()
            .collect(
                Collectors.groupingBy(CaseResult::outcome, TreeMap::new, Collectors.counting()));
    return "conformance: %d cases %s; slowest: %s".formatted(RESULTS.size(), counts, slowest);
  }

  @TestFactory
  Stream<DynamicTest> images_are_what_BuildKit_makes() throws Exception {
    KnownDifferences known = KnownDifferences.read();
    Map<ConformanceCase, Future<CaseResult>> running = new LinkedHashMap<>();
    for (ConformanceCase one : CaseSuite.all()) {
      if (isChosen(one)) {
        running.put(one, BUILDERS.submit(() -> run(one)));
      }
    }
    return running.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey().topic() + ": " + each.getKey().name(),
                    () -> check(each.getKey(), each.getValue(), known.of(each.getKey()))));
  }

  private static boolean isChosen(ConformanceCase one) {
    return switch (WHICH) {
      case "all" -> true;
      case "sample" -> one.isSample();
      default -> Pattern.compile(WHICH).matcher(one.topic() + "/" + one.name()).find();
    };
  }

  private static CaseResult run(ConformanceCase one) throws Exception {
    CaseResult result = laboratory.run(one);
    RESULTS.put(one.name(), result);
    return result;
  }

  private static void check(ConformanceCase one, Future<CaseResult> running, CaseOutcome known)
      throws Exception {
    CaseResult result;
    try {
      result = running.get();
    } catch (ExecutionException failed) {
      throw new AssertionError(one.name() + " could not be run", failed.getCause());
    }
    if (result.outcome() != known && !UPDATES) {
      fail(
          "%s%nIt is to be %s: if it is right as it is, deploy/e2e/conformance --update writes that."
              .formatted(result.explained(one), known.wire()));
    }
  }
}
