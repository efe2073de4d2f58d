package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusalProtocolTest {
  @Test
  void a_build_whose_tag_is_refused_ends_announced_and_without_tags() {
    assertThat(new RefusalProtocol(true).violation()).isEmpty();
  }

  @Test
  void would_notice_a_tag_that_a_dead_process_left() {
    assertThat(new RefusalProtocol(false).violation()).isPresent();
  }
}
