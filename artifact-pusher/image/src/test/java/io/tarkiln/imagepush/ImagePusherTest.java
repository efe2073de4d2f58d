package io.tarkiln.imagepush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.image.Digests;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagetar.BytesTarSource;
import io.tarkiln.imagetar.ImageTar;
import io.tarkiln.imagetar.LargeTar;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.registry.Manifests;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.RegistryProbe;
import io.tarkiln.testkit.Relay;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ImagePusherTest {
  private static final long MIB = 1 << 20;

  private final ImagePusher pusher = new ImagePusher(TestRegistry.settings());

  @AfterEach
  void close() {
    pusher.close();
  }

  @Test
  void an_image_reads_back_as_it_was_in_the_tar() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 3_000_000).layer(2, 100).label("of", "push");

    PushResult pushed = push(tar, "pusher/whole", List.of());

    HttpResponse<byte[]> manifest = RegistryProbe.manifest("pusher/whole", pushed.digest());
    assertThat(manifest.headers().firstValue("Docker-Content-Digest")).contains(pushed.digest());
    assertThat(manifest.headers().firstValue("Content-Type")).contains(pushed.mediaType());
    assertThat(manifest.body())
        .isEqualTo(Manifest.of(ImageTar.read(new BytesTarSource(tar.bytes()))).bytes());
    assertThat(RegistryProbe.blob("pusher/whole", Digests.of(tar.config())))
        .isEqualTo(tar.config());
    for (byte[] layer : tar.layers()) {
      assertThat(RegistryProbe.blob("pusher/whole", Digests.of(layer))).isEqualTo(layer);
    }
  }

  @Test
  void counts_what_was_sent_and_reports_it_as_it_goes() throws Exception {
    KanikoTar tar = new KanikoTar().layer(3, 200_000).layer(4, 100).layer(3, 200_000);
    Map<String, PushProgress.BlobResult> results = new ConcurrentHashMap<>();
    AtomicLong heard = new AtomicLong();
    PushProgress progress =
        new PushProgress() {
          @Override
          public void blob(String digest, long size, BlobResult result) {
            results.put(digest, result);
          }

          @Override
          public void sent(long bytes) {
            heard.addAndGet(bytes);
          }
        };

    PushResult pushed =
        pusher.push(
            new BytesTarSource(tar.bytes()),
            TestRegistry.image("pusher/count"),
            List.of(),
            progress);

    long bytes = tar.config().length + tar.layers().get(0).length + tar.layers().get(1).length;
    assertThat(pushed)
        .isEqualTo(
            new PushResult(
                TestRegistry.address() + "/pusher/count",
                pushed.digest(),
                Manifest.Format.DOCKER.mediaType(),
                bytes,
                3,
                0,
                0));
    assertThat(heard).hasValue(bytes);
    assertThat(results.values()).hasSize(3).containsOnly(PushProgress.BlobResult.SENT);
  }

  @Test
  void sets_no_tag_by_itself() throws Exception {
    push(new KanikoTar().layer(5, 100), "pusher/untagged", List.of());

    assertThat(RegistryProbe.digest("pusher/untagged", "latest")).isEmpty();
  }

  @Test
  void sends_nothing_the_second_time() throws Exception {
    KanikoTar tar = new KanikoTar().layer(6, 100_000).layer(7, 100);
    PushResult first = push(tar, "pusher/twice", List.of());
    try (ScriptedServer watched = new ScriptedServer(passing())) {

      PushResult second = push(watched, tar, "pusher/twice", List.of());

      assertThat(second.digest()).isEqualTo(first.digest());
      assertCounts(second, 0, 0, 3);
      assertThat(second.bytesSent()).isZero();
      assertThat(watched.seen()).extracting(Seen::method).containsOnly("GET", "HEAD");
      assertThat(watched.seen().stream().filter(seen -> seen.method().equals("GET")))
          .extracting(Seen::uri)
          .containsExactly("/v2/");
    }
  }

  @Test
  void sends_only_the_layers_that_are_new() throws Exception {
    push(new KanikoTar().layer(8, 100_000), "pusher/next", List.of());
    KanikoTar next = new KanikoTar().layer(8, 100_000).layer(9, 100);

    PushResult pushed = push(next, "pusher/next", List.of());

    assertCounts(pushed, 2, 0, 1);
    assertThat(pushed.bytesSent()).isEqualTo(next.config().length + next.layers().get(1).length);
  }

  @Test
  void mounts_layers_that_another_repository_has() throws Exception {
    push(new KanikoTar().layer(10, 100_000).layer(11, 50_000), "pusher/base", List.of());
    KanikoTar tar = new KanikoTar().layer(10, 100_000).layer(11, 50_000).layer(12, 100);

    PushResult pushed =
        push(tar, "pusher/mounting", List.of("pusher/no-such", "pusher/base", "pusher/other"));

    assertCounts(pushed, 2, 2, 0);
    assertThat(pushed.bytesSent()).isEqualTo(tar.config().length + tar.layers().get(2).length);
    assertThat(RegistryProbe.blob("pusher/mounting", tar.layerDigests().get(0)))
        .isEqualTo(tar.layers().get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void sends_what_may_not_be_mounted(int status) throws Exception {
    KanikoTar tar = new KanikoTar().layer(13 + status, 1000);
    String repository = "pusher/no-mount" + status;
    try (ScriptedServer proxy =
        new ScriptedServer(
            new Relay(
                request ->
                    request.uri().contains("mount=")
                        ? Optional.of(Answer.of(status))
                        : Optional.empty()))) {

      PushResult pushed = push(proxy, tar, repository, List.of("pusher/base"));

      assertCounts(pushed, 2, 0, 0);
      assertThat(RegistryProbe.digest(repository, pushed.digest())).isEqualTo(pushed.digest());
    }
  }

  @Test
  void uses_the_session_of_a_mount_that_found_nothing() throws Exception {
    KanikoTar tar = new KanikoTar().layer(14, 1000);
    try (ScriptedServer watched = new ScriptedServer(passing())) {

      PushResult pushed =
          push(watched, tar, "pusher/session", List.of("pusher/no-such", "pusher/nor-this"));

      assertCounts(pushed, 2, 0, 0);
      assertThat(watched.seen().stream().filter(seen -> seen.method().equals("POST")))
          .hasSize(4)
          .allSatisfy(seen -> assertThat(seen.uri()).contains("mount="));
    }
  }

  @Test
  void gives_an_image_another_tag() throws Exception {
    PushResult pushed = push(new KanikoTar().layer(15, 100), "pusher/retag", List.of());
    ImageReference image = TestRegistry.image("pusher/retag");

    tag(image.withTag("1.4.0"), pushed.digest());
    tag(image.withTag("1.4.0"), pushed.digest());
    tag(image.withTag("latest"), pushed.digest());

    assertThat(RegistryProbe.digest("pusher/retag", "1.4.0")).isEqualTo(pushed.digest());
    assertThat(RegistryProbe.digest("pusher/retag", "latest")).isEqualTo(pushed.digest());
  }

  @Test
  void moves_a_tag_to_another_image() throws Exception {
    ImageReference image = TestRegistry.image("pusher/moved").withTag("latest");
    PushResult old = push(new KanikoTar().layer(16, 100), "pusher/moved", List.of());
    PushResult young = push(new KanikoTar().layer(17, 100), "pusher/moved", List.of());

    tag(image, old.digest());
    tag(image, young.digest());

    assertThat(RegistryProbe.digest("pusher/moved", "latest")).isEqualTo(young.digest());
  }

  private void tag(ImageReference image, String digest) throws Exception {
    pusher.tag(image, pusher.manifest(image, digest).orElseThrow());
  }

  @Test
  void an_immutable_tag_is_fine_where_it_names_the_image_already() throws Exception {
    Manifests.Stored mine =
        new Manifests.Stored("{\"my\":1}".getBytes(), Manifest.Format.DOCKER.mediaType());
    Manifests.Stored other =
        new Manifests.Stored("{}".getBytes(), Manifest.Format.DOCKER.mediaType());
    try (ScriptedServer harbor =
            new ScriptedServer(
                request ->
                    request.method().equals("PUT")
                        ? Answer.of(412)
                        : Answer.of(200).saying("{\"my\":1}"));
        ImagePusher keeping = new ImagePusher(TestRegistry.settings(harbor.address()))) {
      ImageReference image = ImageReference.parse(harbor.address() + "/shop/api:1.4.0");

      keeping.tag(image, mine);

      assertThatThrownBy(() -> keeping.tag(image, other))
          .isInstanceOfSatisfying(
              RejectedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.TAG_IMMUTABLE));
    }
  }

  @Test
  void a_layer_with_a_wrong_digest_is_refused_and_there_is_no_image() throws Exception {
    KanikoTar tar = new KanikoTar().layer(18, 100_000).layer(19, 100);
    byte[] bytes = tar.bytes();
    ImageTar image = ImageTar.read(new BytesTarSource(bytes));
    bytes[(int) image.layers().get(0).blob().offset() + 50_000] ^= 1;

    assertThatThrownBy(
            () ->
                pusher.push(
                    new BytesTarSource(bytes),
                    TestRegistry.image("pusher/broken"),
                    List.of(),
                    PushProgress.NONE))
        .isInstanceOfSatisfying(
            RejectedException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_IMAGE_TAR));
    assertThat(RegistryProbe.digest("pusher/broken", Manifest.of(image).digest())).isEmpty();
  }

  @Test
  void a_registry_that_fails_in_the_middle_is_gone_on_with_later() throws Exception {
    KanikoTar tar = new KanikoTar().layer(20, 100_000).layer(21, 100);
    String small = tar.layerDigests().get(1);
    Function<Seen, Optional<Answer>> failing =
        request ->
            request.method().equals("PUT") && request.uri().contains(small)
                ? Optional.of(Answer.of(503))
                : Optional.empty();
    try (ScriptedServer proxy = new ScriptedServer(new Relay(failing))) {
      assertThatThrownBy(() -> push(proxy, tar, "pusher/later", List.of()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("503");
    }

    PushResult pushed = push(tar, "pusher/later", List.of());

    assertThat(RegistryProbe.digest("pusher/later", pushed.digest())).isEqualTo(pushed.digest());
  }

  /** Of a larger one, too: {@code -Dtarkiln.layer-mib=3072}. */
  @Test
  void holds_little_of_a_large_layer() throws Exception {
    long size = Long.getLong("tarkiln.layer-mib", 200) * MIB;
    AtomicLong next = new AtomicLong(size / 4);
    AtomicLong most = new AtomicLong();
    long before = heapInUse();
    LargeTar tar =
        new LargeTar(
            size,
            at -> {
              if (at >= next.get()) {
                next.addAndGet(size / 4);
                most.accumulateAndGet(heapInUse(), Math::max);
              }
            });

    PushResult pushed =
        pusher.push(tar, TestRegistry.image("pusher/large"), List.of(), PushProgress.NONE);

    assertThat(pushed.bytesSent()).isGreaterThan(size);
    assertThat(RegistryProbe.digest("pusher/large", pushed.digest())).isEqualTo(pushed.digest());
    assertThat(most.get()).isPositive();
    assertThat(most.get() - before).isLessThan(32 * MIB);
  }

  private PushResult push(KanikoTar tar, String repository, List<String> mountFrom)
      throws Exception {
    return pusher.push(
        new BytesTarSource(tar.bytes()),
        TestRegistry.image(repository),
        mountFrom,
        PushProgress.NONE);
  }

  private static PushResult push(
      ScriptedServer server, KanikoTar tar, String repository, List<String> mountFrom)
      throws Exception {
    try (ImagePusher other = new ImagePusher(TestRegistry.settings(server.address()))) {
      return other.push(
          new BytesTarSource(tar.bytes()),
          ImageReference.parse(server.address() + "/" + repository),
          mountFrom,
          PushProgress.NONE);
    }
  }

  private static Relay passing() {
    return new Relay(request -> Optional.empty());
  }

  private static void assertCounts(PushResult pushed, int sent, int mounted, int skipped) {
    assertThat(List.of(pushed.blobsSent(), pushed.blobsMounted(), pushed.blobsSkipped()))
        .containsExactly(sent, mounted, skipped);
  }

  /** What is held after all garbage is gone, in bytes. */
  private static long heapInUse() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
