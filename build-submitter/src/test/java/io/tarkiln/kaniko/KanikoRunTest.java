package io.tarkiln.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KanikoRunTest {
  private final BuildId build = BuildId.next();

  @Test
  void has_the_same_name_for_the_same_build_and_service() {
    assertThat(run("api").name()).isEqualTo(run("api").name()).isEqualTo("api-" + build);
  }

  @Test
  void has_a_name_that_kubernetes_takes_however_long_the_service_is() {
    String longest = "a".repeat(62) + "b";
    String other = "a".repeat(62) + "c";

    assertThat(run(longest).name())
        .hasSizeLessThanOrEqualTo(63)
        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")
        .isNotEqualTo(run(other).name());
  }

  @Test
  void knows_where_its_results_go() {
    assertThat(run("api").imageTarKey()).isEqualTo("builds/" + build + "/api/image.tar");
    assertThat(run("api").logKey()).isEqualTo("builds/" + build + "/api/build.log");
  }

  private KanikoRun run(String service) {
    return SampleRuns.of(
        build, service, SampleRuns.input(build, "s", Map.of(), Optional.empty()), true, true);
  }
}
