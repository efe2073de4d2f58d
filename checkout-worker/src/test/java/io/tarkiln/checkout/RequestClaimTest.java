package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.claim.Refusal;
import io.tarkiln.claim.RequestPin;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import io.tarkiln.store.ObjectKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A build id stands for the request that was read first. */
@Tag("server")
class RequestClaimTest extends StoreFixture {
  private static final BuildRequested REQUEST = request("shop", "https://git.example/shop.git");

  private final BuildId build = BuildId.next();

  @Test
  void believes_a_request_however_often_it_is_delivered() throws Exception {
    assertThat(refusal(build, REQUEST)).isEmpty();
    byte[] pinned = stores.store().read(ObjectKeys.request(build)).orElseThrow();

    assertThat(refusal(build, REQUEST)).isEmpty();
    assertThat(stores.store().read(ObjectKeys.request(build))).hasValue(pinned);
    assertThat(RequestPin.read(stores.store(), build)).hasValue(RequestPin.of(REQUEST));
  }

  @Test
  void takes_what_means_the_same_for_the_same() throws Exception {
    BuildRequested written =
        new BuildRequested(
            "shop", "1", null, REQUEST.source(), List.of(service("api", "./", null)), null, true);
    BuildRequested meant =
        new BuildRequested(
            "shop",
            "1",
            List.of(),
            REQUEST.source(),
            List.of(service("api", ".", "Dockerfile")),
            true,
            null,
            Optional.of(" "));

    assertThat(refusal(build, written)).isEmpty();
    assertThat(refusal(build, meant)).isEmpty();
    assertThat(RequestPin.of(written)).isEqualTo(RequestPin.of(meant));
  }

  @Test
  void refuses_another_request_with_its_id_and_keeps_the_first() throws Exception {
    assertThat(refusal(build, REQUEST)).isEmpty();
    byte[] pinned = stores.store().read(ObjectKeys.request(build)).orElseThrow();

    for (BuildRequested other :
        List.of(
            request("evil", "https://git.example/shop.git"),
            request("shop", "https://git.example/evil.git"),
            REQUEST.at("evil"),
            new BuildRequested(
                "shop", "no tag", List.of(), REQUEST.source(), REQUEST.services(), true, true))) {
      assertThat(refusal(build, other)).hasValue(Refusal.Code.DUPLICATE_BUILD_ID);
    }
    assertThat(stores.store().list(ObjectKeys.build(build)))
        .containsExactly(ObjectKeys.request(build));
    assertThat(stores.store().read(ObjectKeys.request(build))).hasValue(pinned);
    assertThat(refusal(build, REQUEST)).isEmpty();
  }

  @Test
  void a_request_that_is_only_to_be_refused_has_its_id_too() throws Exception {
    BuildRequested bad = request("no name", "https://git.example/shop.git");

    assertThat(refusal(build, bad)).isEmpty();
    assertThat(refusal(build, bad)).isEmpty();
    assertThat(refusal(build, REQUEST)).hasValue(Refusal.Code.DUPLICATE_BUILD_ID);
  }

  @Test
  void of_many_requests_at_once_one_has_the_id() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      BuildRequested one = REQUEST.at("v" + i);
      tries.add(() -> refusal(build, one).isEmpty());
    }

    int believed = 0;
    for (Future<Boolean> each : threads.invokeAll(tries)) {
      believed += each.get() ? 1 : 0;
    }

    threads.shutdown();
    assertThat(believed).isEqualTo(1);
  }

  @Test
  void refuses_an_id_that_is_ahead_and_writes_nothing() throws Exception {
    Instant now = Instant.now();
    BuildId ahead = BuildId.at(now.plus(Duration.ofMinutes(5)).plusMillis(1));
    BuildId justAhead = BuildId.at(now.plus(Duration.ofMinutes(5)).minusMillis(1));

    assertThat(refusal(ahead, now)).hasValue(Refusal.Code.BUILD_ID_AHEAD);
    assertThat(stores.store().list(ObjectKeys.build(ahead))).isEmpty();
    assertThat(refusal(justAhead, now)).isEmpty();
  }

  @Test
  void refuses_an_old_id_unless_its_build_is_known() throws Exception {
    Instant now = Instant.now();
    Instant later = now.plus(Duration.ofDays(31));
    BuildId known = BuildId.at(now);
    BuildId unknown = BuildId.at(now);

    assertThat(refusal(known, now)).isEmpty();

    assertThat(refusal(known, later)).isEmpty();
    assertThat(refusal(unknown, later)).hasValue(Refusal.Code.BUILD_ID_TOO_OLD);
    assertThat(stores.store().list(ObjectKeys.build(unknown))).isEmpty();
  }

  @Test
  void knows_builds_by_their_source_that_a_version_without_pins_began() throws Exception {
    CommitPin.write(stores.store(), build, REQUEST.source(), "a".repeat(40));

    assertThat(refusal(build, request("shop", "https://git.example/evil.git")))
        .hasValue(Refusal.Code.DUPLICATE_BUILD_ID);
    assertThat(refusal(build, REQUEST)).isEmpty();
  }

  private Optional<Refusal.Code> refusal(BuildId build, BuildRequested request) throws Exception {
    return refusal(build, request, Instant.now());
  }

  private Optional<Refusal.Code> refusal(BuildId build, Instant now) throws Exception {
    return refusal(build, REQUEST, now);
  }

  private static Optional<Refusal.Code> refusal(BuildId build, BuildRequested request, Instant now)
      throws Exception {
    return new RequestClaim(stores.store(), InstantSource.fixed(now))
        .refusal(Event.first(build, "cli", request))
        .map(Refusal::code);
  }

  private static BuildRequested request(String workload, String repository) {
    return new BuildRequested(
        workload,
        "1",
        List.of("latest"),
        new BuildRequested.Source(repository, "main"),
        List.of(service("api", ".", null)),
        true,
        true);
  }

  private static RequestedService service(String name, String context, String dockerfile) {
    return new RequestedService(
        name,
        context,
        dockerfile,
        Map.of("A", "1", "B", "2", "C", "3"),
        Optional.empty(),
        Optional.empty());
  }
}
