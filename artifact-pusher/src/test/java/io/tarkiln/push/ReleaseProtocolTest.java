package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReleaseProtocolTest {
  @Test
  void never_tags_without_a_decision_and_always_announces_one_outcome() {
    ReleaseProtocol.Explored explored = ReleaseProtocol.decidingFirst().explore();

    assertThat(explored.violation()).isEmpty();
    assertThat(explored.worlds()).isGreaterThan(1000);
  }

  @Test
  void would_notice_tags_that_are_set_before_the_decision() {
    assertThat(ReleaseProtocol.taggingFirst().explore().violation().orElseThrow())
        .startsWith("a tag without a decision for it");
  }
}
