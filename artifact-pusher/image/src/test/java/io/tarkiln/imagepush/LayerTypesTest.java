package io.tarkiln.imagepush;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.event.json.Json;
import io.tarkiln.imagetar.BytesTarSource;
import io.tarkiln.imagetar.Manifest;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.RegistryProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images whose base has layers that are not gzipped: Kaniko names these {@code .tar.gz}, too. */
@Tag("server")
class LayerTypesTest {
  private static final String OCI = "application/vnd.oci.image.";

  private final ImagePusher pusher = new ImagePusher(TestRegistry.settings());
  @TempDir Path folder;

  @AfterEach
  void close() {
    pusher.close();
  }

  @Test
  void a_manifest_says_what_the_layers_are_whether_sent_or_mounted() throws Exception {
    KanikoTar base = new KanikoTar().zstdLayer(1, 300_000).plainLayer(2, 200_000);
    KanikoTar tar = new KanikoTar().zstdLayer(1, 300_000).plainLayer(2, 200_000).layer(3, 1000);
    push(base, "types/base", List.of());

    PushResult pushed = push(tar, "types/api", List.of("types/base"));

    assertThat(pushed.blobsMounted()).isEqualTo(2);
    assertThat(pushed.mediaType()).isEqualTo(OCI + "manifest.v1+json");
    var answer = RegistryProbe.manifest("types/api", "latest");
    assertThat(answer.headers().firstValue("Content-Type")).contains(OCI + "manifest.v1+json");
    JsonNode manifest = Json.mapper().readTree(answer.body());
    assertThat(manifest.path("mediaType").asText()).isEqualTo(OCI + "manifest.v1+json");
    assertThat(manifest.at("/config/mediaType").asText()).isEqualTo(OCI + "config.v1+json");
    assertThat(manifest.findValuesAsText("mediaType"))
        .endsWith(OCI + "layer.v1.tar+zstd", OCI + "layer.v1.tar", OCI + "layer.v1.tar+gzip");
  }

  @Test
  void others_unpack_every_layer() throws Exception {
    push(
        new KanikoTar().zstdLayer(4, 300_000).plainLayer(5, 200_000).layer(6, 1000),
        "types/unpacked",
        List.of());
    String image = TestRegistry.image("types/unpacked").toString();

    crane("validate", "--fast", "--insecure", "--remote", image);
    Path tree = folder.resolve("tree.tar");
    crane("export", "--insecure", image, tree.toString());

    try (TarFile unpacked = new TarFile(tree)) {
      assertThat(unpacked.getEntries())
          .extracting(entry -> entry.getName() + " " + entry.getSize())
          .containsExactlyInAnyOrder("zstd-4 300000", "plain-5 200000", "random-6 1000");
    }
  }

  @Test
  void an_image_of_gzipped_layers_keeps_the_manifest_that_crane_makes() throws Exception {
    KanikoTar tar = new KanikoTar().layer(7, 100_000).layer(8, 10);
    Path file = tar.writeTo(folder.resolve("image.tar"));

    PushResult pushed = push(tar, "types/gzip", List.of());

    assertThat(pushed.mediaType()).isEqualTo(Manifest.Format.DOCKER.mediaType());
    assertThat(crane("digest", "--tarball", file.toString())).isEqualTo(pushed.digest());
  }

  @Test
  void such_an_image_takes_another_tag() throws Exception {
    PushResult pushed = push(new KanikoTar().zstdLayer(9, 1000), "types/retag", List.of());

    pusher.tag(TestRegistry.image("types/retag").withTag("1.4.0"), pushed.digest());

    assertThat(RegistryProbe.digest("types/retag", "1.4.0")).isEqualTo(pushed.digest());
  }

  private PushResult push(KanikoTar tar, String repository, List<String> mountFrom)
      throws Exception {
    return pusher.pushTagged(
        new BytesTarSource(tar.bytes()),
        TestRegistry.image(repository),
        mountFrom,
        PushProgress.NONE);
  }

  private String crane(String... arguments) throws IOException, InterruptedException {
    return Program.ofTool("crane", arguments).merged().output();
  }
}
