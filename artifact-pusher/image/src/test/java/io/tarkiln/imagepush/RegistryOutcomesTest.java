package io.tarkiln.imagepush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryOutcomesTest {
  @ParameterizedTest
  @CsvSource({
    "TAG_IMMUTABLE, TAG_IMMUTABLE",
    "DENIED, REGISTRY_DENIED",
    "UNAUTHORIZED, AUTHENTICATION_REFUSED",
    "UNTRUSTED, NOT_ALLOWED",
    "WRONG_DIGEST, BAD_IMAGE_TAR"
  })
  void a_refusal_ends_the_build_for_its_reason(Refusal refusal, Reason reason) {
    RegistryRefusedException refused =
        new RegistryRefusedException(refusal, 403, "DENIED", "registry.example denies PUT");

    assertThatThrownBy(
            () ->
                RegistryOutcomes.of(
                    () -> {
                      throw refused;
                    }))
        .isInstanceOfSatisfying(
            RejectedException.class, rejected -> assertThat(rejected.reason()).isEqualTo(reason))
        .hasMessage("registry.example denies PUT")
        .hasCause(refused);
  }

  @Test
  void a_registry_that_does_not_answer_leaves_the_build_for_later() {
    assertThatThrownBy(
            () ->
                RegistryOutcomes.of(
                    () -> {
                      throw new RegistryUnavailableException("registry.example answered 503");
                    }))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("registry.example answered 503");
  }

  @Test
  void what_the_registry_gives_comes_back() throws Exception {
    assertThat(RegistryOutcomes.of(() -> "sha256:1")).isEqualTo("sha256:1");
  }
}
