package io.tarkiln.push;

import static io.tarkiln.push.ReleaseState.ANNOUNCED;
import static io.tarkiln.push.ReleaseState.DECIDED;
import static io.tarkiln.push.ReleaseState.RELEASED;
import static io.tarkiln.push.ReleaseState.TAGGED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseStateTest {
  @Test
  void follows_the_states_before() {
    assertThat(ReleaseState.isInOrder(Set.of())).isTrue();
    assertThat(ReleaseState.isInOrder(Set.of(DECIDED, TAGGED))).isTrue();
    assertThat(ReleaseState.isInOrder(Set.of(ReleaseState.values()))).isTrue();
    assertThat(ReleaseState.isInOrder(Set.of(TAGGED))).isFalse();
    assertThat(ReleaseState.isInOrder(Set.of(DECIDED, ANNOUNCED))).isFalse();
    assertThat(ReleaseState.isInOrder(Set.of(DECIDED, TAGGED, RELEASED))).isFalse();
  }
}
