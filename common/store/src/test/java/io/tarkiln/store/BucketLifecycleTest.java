package io.tarkiln.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an S3 server that has such rules. */
@Tag("server")
class BucketLifecycleTest {
  @TempDir static Path folder;
  private static MinioServer minio;
  private static ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    minio = MinioServer.start(GoTools.provide("minio"), folder);
    store = ObjectStore.connect(Settings.of(minio.variables()));
    store.createBucket();
  }

  @AfterAll
  static void stop() {
    store.close();
    minio.close();
  }

  @Test
  void puts_our_rules_in_the_place_of_ours_and_leaves_others() throws Exception {
    BucketLifecycle lifecycle = store.lifecycle();
    assertThat(lifecycle.ids()).isEmpty();
    lifecycle.apply(List.of(new ExpiryRule("of-somebody", "theirs/", OptionalLong.empty(), 3)));

    lifecycle.apply(ExpiryRule.of(7, 30, 90));
    lifecycle.apply(ExpiryRule.of(1, 2, 365));

    assertThat(lifecycle.ids())
        .containsExactlyInAnyOrder(
            "of-somebody",
            "tarkiln-large",
            "tarkiln-argo",
            "tarkiln-sources",
            "tarkiln-builds",
            "tarkiln-concurrency");
  }

  @Test
  void keeps_small_objects_at_least_as_long_as_large_ones() {
    assertThatThrownBy(() -> ExpiryRule.of(7, 30, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer");
    assertThatThrownBy(() -> ExpiryRule.of(0, 30, 90)).isInstanceOf(IllegalArgumentException.class);
  }
}
