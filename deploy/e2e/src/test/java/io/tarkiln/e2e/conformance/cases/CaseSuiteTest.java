package io.tarkiln.e2e.conformance.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.conformance.DifferencesTable;
import io.tarkiln.e2e.conformance.KnownDifferences;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds of the suite's data, whatever the builders do. */
@Tag("server")
class CaseSuiteTest {
  private static final boolean UPDATES = Boolean.getBoolean("tarkiln.conformance.update");

  @Test
  void every_case_has_a_name_of_its_own_and_known_differences_are_of_cases() throws IOException {
    Set<String> names = new HashSet<>();
    for (ConformanceCase one : CaseSuite.all()) {
      assertThat(names.add(one.name())).as(one.name()).isTrue();
    }

    assertThat(KnownDifferences.read().byReason().values())
        .allSatisfy(cases -> assertThat(names).containsAll(cases.keySet()));
  }

  @Test
  void the_sample_has_a_case_of_every_topic_and_of_every_row() throws IOException {
    List<ConformanceCase> sample =
        CaseSuite.all().stream().filter(ConformanceCase::isSample).toList();

    assertThat(sample.stream().map(ConformanceCase::topic))
        .containsAll(CaseSuite.all().stream().map(ConformanceCase::topic).toList());
    assertThat(sample.stream().flatMap(one -> one.row().stream()))
        .containsAll(CaseSuite.all().stream().flatMap(one -> one.row().stream()).toList());
  }

  @Test
  void every_known_difference_has_a_reason_and_is_in_the_table() throws IOException {
    if (UPDATES) {
      DifferencesTable.rewrite();
    }
    KnownDifferences known = KnownDifferences.read();

    assertThat(known.byReason()).doesNotContainKey(KnownDifferences.UNEXPLAINED);
    String page = Files.readString(DifferencesTable.page());
    assertThat(page)
        .as("build-submitter/README.md: deploy/e2e/conformance --table writes it anew")
        .isEqualTo(DifferencesTable.current(page, known));
  }
}
