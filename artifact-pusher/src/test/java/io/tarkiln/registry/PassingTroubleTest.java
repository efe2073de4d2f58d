package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.TcpRelay;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.ImageTar;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.push.SampleTars;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.registry.http.Backoff;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.registry.http.RetryPolicy;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.Relay;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry that fails now and then: the push ends well, and says nothing twice that arrived. */
@Tag("server")
class PassingTroubleTest {
  private final KanikoTar tar = new KanikoTar().layer(800, 2 << 20).layer(801, 1000);

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504, 0})
  void every_request_fails_once(int status) throws Exception {
    Map<String, Integer> failed = new ConcurrentHashMap<>();
    try (ScriptedServer server =
        new ScriptedServer(
            new Relay(
                request ->
                    failed.merge(key(request), 1, Integer::sum) == 1
                        ? Optional.of(Answer.of(status).with("Retry-After", "0"))
                        : Optional.empty()))) {

      PushResult pushed = push(server, "trouble/once" + status);

      assertThat(pushed.digest())
          .isEqualTo(Manifest.of(ImageTar.read(SampleTars.of(tar))).digest());
      // Each blob went twice: the failed answer came only when all of it had been taken.
      long size = tar.config().length + tar.layers().stream().mapToLong(l -> l.length).sum();
      assertThat(pushed.bytesSent()).isEqualTo(2 * size);
    }
  }

  @Test
  void a_blob_whose_answer_is_lost_is_not_sent_again() throws Exception {
    AtomicInteger lost = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            new Relay(
                request -> {
                  if (!request.method().equals("PUT") || request.body().length < 1 << 20) {
                    return Optional.empty();
                  }
                  lost.incrementAndGet();
                  new Relay(any -> Optional.empty()).apply(request); // the registry has it
                  return Optional.of(Answer.of(504));
                }))) {

      PushResult pushed = push(server, "trouble/lost");

      assertThat(lost).hasValue(1);
      long size = tar.config().length + tar.layers().stream().mapToLong(l -> l.length).sum();
      assertThat(pushed.bytesSent()).isEqualTo(size);
    }
  }

  @Test
  void waits_as_long_as_the_registry_asks_for_within_bounds() throws Exception {
    RetryPolicy retries = new RetryPolicy(3, Duration.ZERO, Duration.ofMillis(50));
    Backoff backoff = new Backoff(retries);
    try (ScriptedServer server =
        new ScriptedServer(request -> Answer.of(429).with("Retry-After", "3600"))) {
      var answer =
          new RegistryClient(TestRegistry.settings(server.address()))
              .connect(ImageReference.parse(server.address() + "/trouble/wait"), List.of())
              .once(
                  RegistryRequest.of(
                      "GET", java.net.URI.create("http://" + server.address() + "/")));

      assertThat(backoff.pause(Optional.of(answer))).isTrue();
      assertThat(backoff.pause(Optional.of(answer))).isTrue();
      assertThat(backoff.pause(Optional.of(answer))).isFalse();
      backoff.succeeded();
      assertThat(backoff.pause(Optional.empty())).isTrue();
    }
  }

  @Test
  void an_answer_that_is_lost_costs_little() throws Exception {
    Map<String, Integer> lost = new ConcurrentHashMap<>();
    CountDownLatch never = new CountDownLatch(1);
    Function<Seen, Optional<Answer>> losing =
        request -> {
          boolean isSmall = !request.method().equals("PUT") && !request.uri().equals("/v2/");
          if (isSmall && lost.merge(key(request), 1, Integer::sum) == 1) {
            awaitQuietly(never);
          }
          return Optional.empty();
        };
    RetryPolicy retries =
        new RetryPolicy(4, Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(500));
    try (ScriptedServer server = new ScriptedServer(new Relay(losing));
        ImagePusher pusher =
            new ImagePusher(
                new RegistrySettings(
                    Set.of(server.address()),
                    new DockerConfig(Path.of("none")),
                    Optional.empty(),
                    retries))) {

      PushResult pushed = push(pusher, server.address(), "trouble/silent");

      assertThat(pushed.blobsSent()).isEqualTo(3);
      assertThat(lost.values()).contains(2);
    } finally {
      never.countDown();
    }
  }

  @Test
  void a_slow_network_that_breaks_is_put_up_with() throws Exception {
    try (TcpRelay relay = TcpRelay.to(TestRegistry.address());
        ImagePusher pusher = new ImagePusher(TestRegistry.settings(relay.address()))) {
      relay.slowDown(16 << 10, Duration.ofMillis(5));
      relay.cutRequests(1 << 20, 1);

      PushResult pushed = push(pusher, relay.address(), "trouble/slow");

      assertThat(relay.cuts()).isEqualTo(1);
      assertThat(pushed.digest())
          .isEqualTo(Manifest.of(ImageTar.read(SampleTars.of(tar))).digest());
      // Of 2 MiB, the 1 MiB before the cut is not sent again; what was in buffers is.
      assertThat(relay.up()).isLessThan(3 << 20);
    }
  }

  @Test
  void a_registry_that_only_fails_is_given_up_for_now() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            new Relay(
                request ->
                    request.method().equals("PUT")
                        ? Optional.of(Answer.of(502))
                        : Optional.empty()))) {

      assertThatThrownBy(() -> push(server, "trouble/always"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("502");
    }
  }

  private PushResult push(ScriptedServer server, String repository) throws Exception {
    try (ImagePusher pusher = new ImagePusher(TestRegistry.settings(server.address()))) {
      return push(pusher, server.address(), repository);
    }
  }

  private PushResult push(ImagePusher pusher, String address, String repository) throws Exception {
    return pusher.push(
        SampleTars.of(tar),
        ImageReference.parse(address + "/" + repository),
        List.of(),
        PushProgress.NONE);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One for each thing that is asked, whatever session it is in. */
  private static String key(Seen request) {
    return request.method()
        + request.uri().replaceFirst("uploads/[^?]+", "uploads/").replaceAll("_state=[^&]*", "")
        + (request.method().equals("POST") ? request.uri() : "");
  }
}
