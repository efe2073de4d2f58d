package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that lifecycle rules may take away, in real S3 servers. */
@Tag("server")
class ContextLifetimeTest {
  private static final Duration LIFETIME = Duration.ofDays(14);

  @TempDir Path folder;
  private GitRepository repository;

  @Test
  void is_renewed_in_minio() throws Exception {
    try (MinioServer s3 = MinioServer.start(GoTools.provide("minio"), folder.resolve("s3"))) {
      isRenewedInItsSecondHalf(s3.variables());
    }
  }

  @Test
  void is_renewed_in_s3proxy() throws Exception {
    try (S3Server s3 = S3Server.start(folder.resolve("s3"), "127.0.0.1", 0)) {
      isRenewedInItsSecondHalf(s3.variables());
    }
  }

  private void isRenewedInItsSecondHalf(Map<String, String> variables) throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM a\n").committed();
    try (ObjectStore store = ObjectStore.connect(Settings.of(variables))) {
      store.createBucket();
      String key = key(store, Duration.ZERO);
      byte[] bytes = store.read(key).orElseThrow();
      Instant first = store.written(key).orElseThrow();
      untilLaterThan(first, store);

      key(store, LIFETIME.dividedBy(2).minusMinutes(5));
      assertThat(store.written(key)).contains(first);

      key(store, LIFETIME.dividedBy(2).plusMinutes(5));
      assertThat(store.written(key).orElseThrow()).isAfter(first);
      assertThat(store.read(key).orElseThrow()).isEqualTo(bytes);

      store.delete(key);
      key(store, LIFETIME);
      assertThat(store.read(key).orElseThrow()).isEqualTo(bytes);
      assertThat(store.touch("sources/none")).isFalse();
    }
  }

  /** S3 counts in whole seconds. */
  private static void untilLaterThan(Instant time, ObjectStore store) throws Exception {
    do {
      store.write("now", new byte[0]);
    } while (!store.written("now").orElseThrow().isAfter(time));
  }

  /** Builds a while after now, in a worker that has only just come. */
  private String key(ObjectStore store, Duration later) throws Exception {
    try (CheckoutStep checkout =
        new CheckoutStep(
            CheckoutRequests.settings(folder),
            store,
            Policies.NONE,
            event -> Optional.empty(),
            Clock.offset(Clock.systemUTC(), later))) {
      return ((SourceCheckedOut)
              checkout
                  .run(CheckoutRequests.of(repository.url(), "main", "app=."))
                  .events()
                  .get(0)
                  .data())
          .input()
          .sourceKey();
    }
  }
}
