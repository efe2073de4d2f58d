package io.tarkiln.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class CheckedOutBuildsTest {
  private static final ObjectStore STORE = TestS3.newStore();

  private final BuildId build = BuildId.next();
  private final CheckedOutBuilds builds = new CheckedOutBuilds(STORE);

  @Test
  void believes_what_was_checked_out_and_reads_it_once() throws Exception {
    CheckoutRecord record = record("a");
    record.putIfAbsent(STORE, build);

    assertThat(objection(event(record))).isEmpty();
    STORE.delete(ObjectKeys.checkedOut(build));

    assertThat(objection(event(record))).isEmpty();
  }

  @Test
  void does_not_know_a_build_that_was_not_checked_out() throws Exception {
    assertThat(objection(event(record("a")))).hasValue(Objection.Code.UNKNOWN_BUILD);
  }

  @Test
  void refuses_sources_of_another_checkout_of_the_workload() throws Exception {
    record("a").putIfAbsent(STORE, build);

    assertThat(objection(event(record("b")))).hasValue(Objection.Code.FOREIGN_KEY);
  }

  @Test
  void reads_again_what_it_remembers_before_it_refuses() throws Exception {
    record("a").putIfAbsent(STORE, build);
    assertThat(objection(event(record("a")))).isEmpty();

    record("b").replace(STORE, build);

    assertThat(objection(event(record("b")))).isEmpty();
    assertThat(objection(event(record("a")))).hasValue(Objection.Code.FOREIGN_KEY);
  }

  @Test
  void refuses_a_build_of_what_is_only_tagged_again() throws Exception {
    CheckoutRecord record = record("a");
    RequestedService tagged =
        new RequestedService("api", null, null, null, null, Optional.of("1"), false);
    new CheckoutRecord(request(tagged), record.commit(), Map.of(), Map.of())
        .putIfAbsent(STORE, build);

    assertThat(objection(event(record))).hasValue(Objection.Code.NOT_AS_REQUESTED);
  }

  @Test
  void shows_no_value_of_a_build_argument() throws Exception {
    record("a").putIfAbsent(STORE, build);
    RequestedService other =
        new RequestedService(
            "api", null, null, Map.of("TOKEN", "secret"), Optional.empty(), null, false);
    CheckoutRecord forged =
        new CheckoutRecord(request(other), record("a").commit(), record("a").sources(), Map.of());

    Optional<Objection> objection = builds.objection(event(forged), rule(event(forged)));

    assertThat(objection.orElseThrow().message()).contains("TOKEN").doesNotContain("secret");
  }

  private Optional<Objection.Code> objection(Event<SourceCheckedOut> event) throws Exception {
    return builds.objection(event, rule(event)).map(Objection::code);
  }

  private CheckedOutBuilds.Rule rule(Event<SourceCheckedOut> event) {
    return service ->
        service.contradiction(event.data().input(), ObjectKeys.dockerfile(build, "api"));
  }

  private Event<SourceCheckedOut> event(CheckoutRecord record) {
    Event<BuildRequested> cause = Event.first(build, "cli", record.request());
    return cause.next("test", (SourceCheckedOut) record.events(cause).get(0).data());
  }

  private static CheckoutRecord record(String tree) {
    return new CheckoutRecord(
        request(new RequestedService("api", null, null, null, null, null, false)),
        "c".repeat(40),
        Map.of("api", ObjectKeys.source("shop", tree.repeat(40))),
        Map.of());
  }

  private static BuildRequested request(RequestedService service) {
    return new BuildRequested(
        "shop",
        "1",
        List.of(),
        new BuildRequested.Source("https://git.example/shop.git", "main"),
        List.of(service),
        true,
        true);
  }
}
