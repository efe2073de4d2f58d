package io.tarkiln.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.embedded.TcpRelay;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.HttpTarSource;
import io.tarkiln.imagetar.ImageTar;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.imagetar.S3TarSource;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.SignedAddress;
import io.tarkiln.testkit.RegistryProbe;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tars in real S3 servers, read with the S3 client and by signed addresses. */
@Tag("server")
class S3ServersTest {
  private static final int MIB = 1 << 20;
  private static final String KEY = "builds/1/ä b+c/image.tar";

  private final ImagePusher pusher = new ImagePusher(TestRegistry.settings());

  @TempDir static Path folder;
  private static final Map<Kind, Running> ALL = new EnumMap<>(Kind.class);

  private enum Kind {
    S3PROXY,
    MINIO
  }

  private record Running(URI endpoint, Map<String, String> variables, Closeable end)
      implements AutoCloseable {
    static Running start(Kind kind, Path folder) throws Exception {
      if (kind == Kind.MINIO) {
        MinioServer minio = MinioServer.start(GoTools.provide("minio"), folder);
        return new Running(minio.endpoint(), minio.variables(), minio::close);
      }
      S3Server proxy = S3Server.start(folder, "127.0.0.1", 0);
      return new Running(proxy.endpoint(), proxy.variables(), proxy::close);
    }

    Settings settings(String endpoint) {
      Map<String, String> values = new HashMap<>(variables);
      values.put(Settings.S3_ENDPOINT, endpoint);
      return Settings.of(values);
    }

    @Override
    public void close() throws IOException {
      end.close();
    }
  }

  private static Running start(Kind kind) throws Exception {
    if (!ALL.containsKey(kind)) {
      ALL.put(kind, Running.start(kind, folder.resolve(kind.name())));
    }
    return ALL.get(kind);
  }

  @AfterEach
  void close() {
    pusher.close();
  }

  @AfterAll
  static void stop() throws IOException {
    for (Running each : ALL.values()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_tar_is_pushed_over_connections_that_are_cut(Kind kind) throws Exception {
    KanikoTar tar = new KanikoTar().layer(kind.ordinal() + 900, 12 * MIB).layer(901, 1000);
    String digest = Manifest.of(ImageTar.read(SampleTars.of(tar))).digest();
    Running s3 = start(kind);
    try (TcpRelay relay = TcpRelay.to(s3.endpoint().getAuthority());
        ObjectStore store = ObjectStore.connect(s3.settings("http://" + relay.address()))) {
      store.createBucket();
      store.write(KEY, tar.bytes());
      Settings settings = s3.settings("http://" + relay.address());
      URI address = SignedAddress.of(settings, KEY, Instant.now()).orElseThrow();

      assertPushed(new S3TarSource(store, KEY), relay, "s3/client-" + kind.ordinal(), digest);
      assertPushed(
          new HttpTarSource(address, "the tar"), relay, "s3/signed-" + kind.ordinal(), digest);
    }
  }

  private void assertPushed(TarSource tar, TcpRelay relay, String repository, String digest)
      throws Exception {
    long before = relay.down();
    int cuts = relay.cuts();
    relay.cutAnswers(5 * MIB, 2);

    PushResult pushed =
        pusher.push(tar, TestRegistry.image(repository), List.of(), PushProgress.NONE);

    assertThat(pushed.digest()).isEqualTo(digest);
    assertThat(relay.cuts()).isEqualTo(cuts + 2);
    // Nothing went to the registry twice, and what had come from S3 did not come again.
    assertThat(pushed.bytesSent()).isLessThan(13 * MIB);
    assertThat(relay.down() - before).isLessThan(18 * MIB);
    assertThat(RegistryProbe.digest(repository, digest)).isEqualTo(digest);
  }

  @ParameterizedTest
  @EnumSource
  void little_is_read_when_all_is_there(Kind kind) throws Exception {
    KanikoTar tar = new KanikoTar().layer(902, 6 * MIB).layer(903, 6 * MIB);
    Running s3 = start(kind);
    try (TcpRelay relay = TcpRelay.to(s3.endpoint().getAuthority());
        ObjectStore store = ObjectStore.connect(s3.settings("http://" + relay.address()))) {
      store.createBucket();
      store.write(KEY, tar.bytes());
      TarSource source = new S3TarSource(store, KEY);
      pusher.push(source, TestRegistry.image("s3/twice"), List.of(), PushProgress.NONE);
      long before = relay.down();

      pusher.push(source, TestRegistry.image("s3/twice"), List.of(), PushProgress.NONE);

      assertThat(relay.down() - before).isLessThan(tar.bytes().length / 100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_tar_that_is_written_anew_is_not_mixed_with_the_one_before(Kind kind) throws Exception {
    Running s3 = start(kind);
    try (ObjectStore store = ObjectStore.connect(s3.settings(s3.endpoint().toString()))) {
      store.createBucket();
      store.write(KEY, new KanikoTar().layer(904, MIB).bytes());
      TarSource source = new S3TarSource(store, KEY);
      source.head(1000);
      store.write(KEY, new KanikoTar().layer(905, MIB).bytes());

      assertThatThrownBy(() -> source.open(1000, 1000)).isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> source.tail(1000))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("written anew");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_tar_that_is_not_there_is_refused(Kind kind) throws Exception {
    Running s3 = start(kind);
    String key = "builds/2/image.tar";
    try (ObjectStore store = ObjectStore.connect(s3.settings(s3.endpoint().toString()))) {
      store.createBucket();
      URI address =
          SignedAddress.of(s3.settings(s3.endpoint().toString()), key, Instant.now()).orElseThrow();

      for (TarSource none :
          List.of(new S3TarSource(store, key), new HttpTarSource(address, "the tar"))) {
        assertThatThrownBy(
                () ->
                    pusher.push(none, TestRegistry.image("s3/none"), List.of(), PushProgress.NONE))
            .isInstanceOf(RejectedException.class)
            .hasMessageContaining("no image tar at");
      }
    }
  }
}
