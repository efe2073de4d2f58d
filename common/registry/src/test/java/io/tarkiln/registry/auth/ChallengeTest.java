package io.tarkiln.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void reads_a_bearer_challenge() {
    Challenge challenge =
        Challenge.of(
                List.of(
                    "Bearer realm=\"https://auth.example/token\",service=\"harbor-registry\","
                        + "scope=\"repository:shop/api:pull,push\""))
            .orElseThrow();

    assertThat(challenge.scheme()).isEqualTo("bearer");
    assertThat(challenge.parameters())
        .containsEntry("realm", "https://auth.example/token")
        .containsEntry("service", "harbor-registry")
        .containsEntry("scope", "repository:shop/api:pull,push");
  }

  @Test
  void reads_bare_values_escapes_and_odd_case() {
    Challenge challenge =
        Challenge.of(List.of("BASIC Realm = plain , other=\"a \\\"quoted\\\" b\"")).orElseThrow();

    assertThat(challenge.scheme()).isEqualTo("basic");
    assertThat(challenge.parameters())
        .containsEntry("realm", "plain")
        .containsEntry("other", "a \"quoted\" b");
  }

  @Test
  void prefers_bearer_and_leaves_what_it_does_not_know() {
    assertThat(Challenge.of(List.of("Basic realm=\"x\"", "Bearer realm=\"y\"")))
        .hasValueSatisfying(challenge -> assertThat(challenge.scheme()).isEqualTo("bearer"));
    assertThat(Challenge.of(List.of("Negotiate", "Digest realm=\"x\""))).isEmpty();
    assertThat(Challenge.of(List.of())).isEmpty();
    assertThat(Challenge.of(List.of(""))).isEmpty();
  }
}
