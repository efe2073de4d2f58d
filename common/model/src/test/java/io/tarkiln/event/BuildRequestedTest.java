package io.tarkiln.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.BuildRequested.Source;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BuildRequestedTest {
  @Test
  void normalizes_paths() throws RejectedException {
    BuildRequested request = request("shop", "1", service("api", "./services//api"));

    RequestedService checked = request.checked().services().get(0);

    assertThat(checked.context()).isEqualTo("services/api");
    assertThat(checked.dockerfile()).isEqualTo("services/api/Dockerfile");
  }

  static Stream<Arguments> rejected() {
    return Stream.of(
        Arguments.of(request("Shop", "1", service("api", ".")), "workload 'Shop'"),
        Arguments.of(request("shop", "a/b", service("api", ".")), "tag 'a/b'"),
        Arguments.of(request("shop", "1", service("a b", ".")), "service 'a b'"),
        Arguments.of(request("shop", "1", service("api", "../x")), "context"),
        Arguments.of(request("shop", "1", service("api", "/etc")), "context"),
        Arguments.of(request("shop", "1", service("api", "."), service("api", "x")), "named twice"),
        Arguments.of(
            request(
                "shop",
                "1",
                new RequestedService(
                    "api", ".", null, Map.of("A B", "x"), Optional.empty(), Optional.empty())),
            "build argument 'A B'"),
        Arguments.of(
            request(
                "shop",
                "1",
                new RequestedService(
                    "api",
                    ".",
                    null,
                    Map.of("A", "x".repeat(65_536)),
                    Optional.empty(),
                    Optional.empty())),
            "have 65537 characters"),
        Arguments.of(
            new BuildRequested(
                "shop",
                "1",
                Collections.nCopies(101, "latest"),
                new BuildRequested.Source("https://git.example/shop.git", "main"),
                List.of(service("api", ".")),
                true,
                true),
            "at most 100 extra tags"));
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void rejects_what_breaks_a_grammar(BuildRequested request, String said) {
    assertThatThrownBy(request::checked)
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.BAD_REQUEST))
        .hasMessageContaining(said);
  }

  private static BuildRequested request(String workload, String tag, RequestedService... services) {
    return new BuildRequested(
        workload,
        tag,
        List.of(),
        new Source("https://git.example/shop.git", "main"),
        List.of(services),
        null,
        null);
  }

  private static RequestedService service(String name, String context) {
    return new RequestedService(name, context, null, Map.of(), Optional.empty(), Optional.empty());
  }
}
