package io.tarkiln.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class BucketExpiryTest {
  private static final byte[] BYTES = {1};

  @TempDir private Path folder;

  @Test
  void deletes_the_tars_of_old_builds_that_ended_and_nothing_else() throws Exception {
    Instant now = Instant.now();
    BuildId old = BuildId.at(now.minus(Duration.ofHours(25)));
    BuildId underWay = BuildId.at(now.minus(Duration.ofHours(25)));
    BuildId young = BuildId.at(now.minus(Duration.ofHours(23)));
    try (S3Server s3 = S3Server.start(folder, "localhost", 0)) {
      ObjectStore store = ObjectStore.connect(Settings.of(s3.variables()));
      try (BucketExpiry expiry = new BucketExpiry(store, Duration.ofDays(1))) {
        store.createBucket();
        for (BuildId build : new BuildId[] {old, underWay, young}) {
          store.write(ObjectKeys.imageTar(build, "api"), BYTES);
          store.write(ObjectKeys.log(build, "api"), BYTES);
        }
        store.write(ObjectKeys.finished(old), BYTES);
        store.write(ObjectKeys.finished(young), BYTES);

        assertThat(expiry.expire(now)).isEqualTo(1);

        assertThat(store.exists(ObjectKeys.imageTar(old, "api"))).isFalse();
        assertThat(store.exists(ObjectKeys.log(old, "api"))).isTrue();
        assertThat(store.exists(ObjectKeys.imageTar(underWay, "api"))).isTrue();
        assertThat(store.exists(ObjectKeys.imageTar(young, "api"))).isTrue();
        assertThat(expiry.expire(now)).isZero();
      }
    }
  }

  @Test
  void unfinished_uploads_of_a_process_that_was_killed_are_given_up() throws Exception {
    try (S3Server s3 = S3Server.start(folder, "localhost", 0);
        ObjectStore store = ObjectStore.connect(Settings.of(s3.variables()))) {
      store.createBucket();
      // Never closed, as by a process that is killed.
      store.upload("builds/x/image.tar").write(new byte[20 << 20]);
      assertThat(bytesIn(folder)).isGreaterThanOrEqualTo(16 << 20);

      assertThat(store.lifecycle().abortUploads()).isEqualTo(1);

      assertThat(store.lifecycle().abortUploads()).isZero();
      assertThat(bytesIn(folder)).isLessThan(1 << 20);
    }
  }

  private static long bytesIn(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    }
  }

  @Test
  void deletes_sources_after_a_week_and_the_record_of_builds_after_a_month() throws Exception {
    Instant now = Instant.now();
    BuildId build = BuildId.at(now);
    String source = ObjectKeys.source("shop", "ab".repeat(20));
    String marker = ObjectKeys.concurrency("shop", "ab") + build;
    try (S3Server s3 = S3Server.start(folder, "localhost", 0)) {
      ObjectStore store = ObjectStore.connect(Settings.of(s3.variables()));
      try (BucketExpiry expiry = new BucketExpiry(store, Duration.ofDays(1))) {
        store.createBucket();
        for (String key : new String[] {source, marker, ObjectKeys.log(build, "api")}) {
          store.write(key, BYTES);
        }

        assertThat(expiry.expire(now.plus(Duration.ofDays(6)))).isZero();
        assertThat(expiry.expire(now.plus(Duration.ofDays(8)))).isEqualTo(1);
        assertThat(store.exists(source)).isFalse();
        assertThat(expiry.expire(now.plus(Duration.ofDays(29)))).isZero();
        assertThat(expiry.expire(now.plus(Duration.ofDays(31)))).isEqualTo(2);
        assertThat(store.list("")).isEmpty();
      }
    }
  }
}
