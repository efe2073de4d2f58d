package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.claim.Objection;
import io.tarkiln.claim.RequestPin;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
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
class RequestClaimTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final BuildRequested REQUEST = request("shop", "https://git.example/shop.git");

  private final BuildId build = BuildId.next();

  @Test
  void believes_a_request_however_often_it_is_delivered() throws Exception {
    assertThat(objection(build, REQUEST)).isEmpty();
    byte[] pinned = store.read(ObjectKeys.request(build)).orElseThrow();

    assertThat(objection(build, REQUEST)).isEmpty();
    assertThat(store.read(ObjectKeys.request(build))).hasValue(pinned);
    assertThat(RequestPin.read(store, build)).hasValue(RequestPin.of(REQUEST));
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

    assertThat(objection(build, written)).isEmpty();
    assertThat(objection(build, meant)).isEmpty();
    assertThat(RequestPin.of(written)).isEqualTo(RequestPin.of(meant));
  }

  @Test
  void refuses_another_request_with_its_id_and_keeps_the_first() throws Exception {
    assertThat(objection(build, REQUEST)).isEmpty();
    byte[] pinned = store.read(ObjectKeys.request(build)).orElseThrow();

    for (BuildRequested other :
        List.of(
            request("evil", "https://git.example/shop.git"),
            request("shop", "https://git.example/evil.git"),
            REQUEST.at("evil"),
            new BuildRequested(
                "shop", "no tag", List.of(), REQUEST.source(), REQUEST.services(), true, true))) {
      assertThat(objection(build, other)).hasValue(Objection.Code.DUPLICATE_BUILD_ID);
    }
    assertThat(store.list(ObjectKeys.build(build))).containsExactly(ObjectKeys.request(build));
    assertThat(store.read(ObjectKeys.request(build))).hasValue(pinned);
    assertThat(objection(build, REQUEST)).isEmpty();
  }

  @Test
  void a_request_that_is_only_to_be_refused_has_its_id_too() throws Exception {
    BuildRequested bad = request("no name", "https://git.example/shop.git");

    assertThat(objection(build, bad)).isEmpty();
    assertThat(objection(build, bad)).isEmpty();
    assertThat(objection(build, REQUEST)).hasValue(Objection.Code.DUPLICATE_BUILD_ID);
  }

  @Test
  void of_many_requests_at_once_one_has_the_id() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      BuildRequested one = REQUEST.at("v" + i);
      tries.add(() -> objection(build, one).isEmpty());
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

    assertThat(objection(ahead, now)).hasValue(Objection.Code.BUILD_ID_AHEAD);
    assertThat(store.list(ObjectKeys.build(ahead))).isEmpty();
    assertThat(objection(justAhead, now)).isEmpty();
  }

  @Test
  void refuses_an_old_id_unless_its_build_is_known() throws Exception {
    Instant now = Instant.now();
    Instant later = now.plus(Duration.ofDays(31));
    BuildId known = BuildId.at(now);
    BuildId unknown = BuildId.at(now);

    assertThat(objection(known, now)).isEmpty();

    assertThat(objection(known, later)).isEmpty();
    assertThat(objection(unknown, later)).hasValue(Objection.Code.BUILD_ID_TOO_OLD);
    assertThat(store.list(ObjectKeys.build(unknown))).isEmpty();
  }

  @Test
  void knows_builds_by_their_source_that_a_version_without_pins_began() throws Exception {
    CommitPin.write(store, build, REQUEST.source(), "a".repeat(40));

    assertThat(objection(build, request("shop", "https://git.example/evil.git")))
        .hasValue(Objection.Code.DUPLICATE_BUILD_ID);
    assertThat(objection(build, REQUEST)).isEmpty();
  }

  private Optional<Objection.Code> objection(BuildId build, BuildRequested request)
      throws Exception {
    return objection(build, request, Instant.now());
  }

  private Optional<Objection.Code> objection(BuildId build, Instant now) throws Exception {
    return objection(build, REQUEST, now);
  }

  private static Optional<Objection.Code> objection(
      BuildId build, BuildRequested request, Instant now) throws Exception {
    return new RequestClaim(store, InstantSource.fixed(now))
        .objection(Event.first(build, "cli", request))
        .map(Objection::code);
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
