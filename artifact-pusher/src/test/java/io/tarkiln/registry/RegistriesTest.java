package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.TcpRelay;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.inputs.BuildInputs;
import io.tarkiln.inputs.BuildInputsArtifact;
import io.tarkiln.push.SampleTars;
import io.tarkiln.registry.KnownRegistry.Running;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.Noise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same against every registry. */
@Tag("server")
class RegistriesTest {
  private static final int MIB = 1 << 20;
  private static final String ACCEPTED =
      "%s, %s".formatted(Manifest.Format.DOCKER.mediaType(), Manifest.Format.OCI.mediaType());
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

  @TempDir static Path folder;
  private static final Map<KnownRegistry, Running> ALL = new EnumMap<>(KnownRegistry.class);

  private Running running;

  private static Running start(KnownRegistry kind) throws Exception {
    if (!ALL.containsKey(kind)) {
      ALL.put(kind, kind.start(Files.createDirectories(folder.resolve(kind.name()))));
    }
    return ALL.get(kind);
  }

  @AfterAll
  static void stop() throws IOException {
    for (Running each : ALL.values()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_image_is_pushed_mounted_and_tagged(KnownRegistry kind) throws Exception {
    running = start(kind);
    KanikoTar base = new KanikoTar().layer(1, 3 * MIB);
    KanikoTar tar = new KanikoTar().layer(1, 3 * MIB).layer(2, 1000).label("of", "us");
    try (ImagePusher pusher = new ImagePusher(TestRegistry.settings(running.address()))) {
      push(pusher, base, "shop/base", List.of());

      PushResult pushed = push(pusher, tar, "shop/api", List.of("shop/base"));
      PushResult again = push(pusher, tar, "shop/api", List.of("shop/base"));
      pusher.tag(image("shop/api").withTag("1.4.0"), pushed.digest());
      pusher.tag(image("shop/api").withTag("1.4.0"), pushed.digest());

      // go-containerregistry's registry keeps blobs of all repositories together.
      assertThat(pushed.blobsMounted() + pushed.blobsSkipped()).isEqualTo(1);
      assertThat(again.bytesSent()).isZero();
      assertThat(get("shop/api/manifests/1.4.0")).asString().contains(tar.layerDigests());
      for (int i = 0; i < 2; i++) {
        assertThat(get("shop/api/blobs/" + tar.layerDigests().get(i)))
            .isEqualTo(tar.layers().get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_manifest_may_have_media_types_of_oci(KnownRegistry kind) throws Exception {
    running = start(kind);
    KanikoTar tar = new KanikoTar().layer(3, 1000);
    try (ImagePusher pusher =
        new ImagePusher(TestRegistry.settings(running.address()), Manifest.Format.OCI)) {

      PushResult pushed = push(pusher, tar, "shop/oci", List.of());
      pusher.tag(image("shop/oci"), pushed.digest());

      assertThat(pushed.mediaType()).isEqualTo("application/vnd.oci.image.manifest.v1+json");
      assertThat(get("shop/oci/manifests/latest"))
          .asString()
          .contains("application/vnd.oci.image.layer.v1.tar+gzip")
          .doesNotContain("docker");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_blob_may_go_in_chunks(KnownRegistry kind) throws Exception {
    running = start(kind);
    ByteArrayBlob blob = ByteArrayBlob.of(Noise.bytes(4, 25 * MIB + 7));
    BlobUploader.Sizes sizes = new BlobUploader.Sizes(MIB, 8 * MIB);
    AtomicLong sent = new AtomicLong();

    new BlobUploader(connection(running.address()), sent::addAndGet, sizes)
        .upload(blob, Optional.empty());

    assertThat(sent).hasValue(blob.size());
    assertThat(get("shop/cut/blobs/" + blob.digest())).isEqualTo(blob.bytes());
  }

  @ParameterizedTest
  @EnumSource
  void a_blob_arrives_whole_over_connections_that_are_cut(KnownRegistry kind) throws Exception {
    running = start(kind);
    ByteArrayBlob blob = ByteArrayBlob.of(Noise.bytes(5, 40 * MIB));
    BlobUploader.Sizes sizes = new BlobUploader.Sizes(1 << 30, 8 * MIB);
    try (TcpRelay relay = TcpRelay.to(running.address())) {
      relay.cutRequests(30 * MIB, 1);

      new BlobUploader(connection(relay.address()), count -> {}, sizes)
          .upload(blob, Optional.empty());

      assertThat(relay.cuts()).isEqualTo(1);
      assertThat(get("shop/cut/blobs/" + blob.digest())).isEqualTo(blob.bytes());
      if (kind == KnownRegistry.DISTRIBUTION_3) {
        // What had arrived is not sent again; some was on its way when the connection broke.
        assertThat(relay.up()).isLessThan(blob.size() + 15 * MIB);
      } else if (kind == KnownRegistry.DEBIAN) {
        // It has forgotten the session, so all is sent again.
        assertThat(relay.up()).isGreaterThan(blob.size() + 30 * MIB);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_an_image_was_built_from_is_noted_and_a_tag_taken_away(KnownRegistry kind)
      throws Exception {
    running = start(kind);
    BuildInputs inputs =
        new BuildInputs(
            "sources/shop/1",
            ".",
            "Dockerfile",
            "sha256:" + "ab".repeat(32),
            new TreeMap<>(Map.of("VERSION", "1")),
            Optional.empty(),
            new TreeMap<>());
    try (ImagePusher pusher = new ImagePusher(TestRegistry.settings(running.address()))) {
      String digest =
          push(pusher, new KanikoTar().layer(6, 1000), "shop/noted", List.of()).digest();
      ImageReference image = image("shop/noted");
      pusher.tag(image.withTag("kept"), digest);
      pusher.tag(image.withTag("taken"), digest);
      RegistryClient client = new RegistryClient(TestRegistry.settings(running.address()));
      BuildInputsArtifact note = new BuildInputsArtifact(client.connect(image, List.of()));

      note.write(inputs, pusher.manifest(image, digest).orElseThrow());
      note.write(inputs, pusher.manifest(image, digest).orElseThrow());
      Manifests manifests = new Manifests(client.connectToDelete(image));
      boolean taken = manifests.deleteTag("taken");

      assertThat(new BuildInputsArtifact(client.connectToRead(image)).find(inputs))
          .contains(digest);
      assertThat(manifests.digest("taken").isEmpty()).isEqualTo(taken);
      assertThat(taken).isEqualTo(kind != KnownRegistry.DEBIAN);
      assertThat(manifests.digest("kept")).contains(digest);
    }
  }

  private PushResult push(
      ImagePusher pusher, KanikoTar tar, String repository, List<String> mountFrom)
      throws Exception {
    return pusher.push(SampleTars.of(tar), image(repository), mountFrom, PushProgress.NONE);
  }

  private ImageReference image(String repository) {
    return ImageReference.parse(running.address() + "/" + repository);
  }

  private static RegistryConnection connection(String address) {
    return new RegistryClient(TestRegistry.settings(address))
        .connect(ImageReference.parse(address + "/shop/cut"), List.of());
  }

  private byte[] get(String path) throws Exception {
    URI uri = URI.create("http://%s/v2/%s".formatted(running.address(), path));
    HttpResponse<byte[]> response =
        HTTP.send(
            HttpRequest.newBuilder(uri).header("Accept", ACCEPTED).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
