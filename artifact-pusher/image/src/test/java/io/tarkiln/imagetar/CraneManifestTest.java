package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.Program;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our manifests are crane's, byte for byte. */
@Tag("server")
class CraneManifestTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  static Stream<Arguments> images() {
    byte[] nothing = new byte[0];
    KanikoTar many = new KanikoTar();
    for (int i = 0; i < 40; i++) {
      many.layer(i, 100 * i);
    }
    return Stream.of(
        Arguments.of("one-layer", new KanikoTar().layer(1, 1000)),
        Arguments.of("many-layers", many),
        Arguments.of("empty-layers", new KanikoTar().layer("a", nothing).layer("b", nothing)),
        Arguments.of(
            "the-same-layer-again", new KanikoTar().layer(1, 10).layer(2, 10).layer(1, 10)),
        Arguments.of("large", new KanikoTar().layer(3, 40 << 20).layer(4, 20 << 20)),
        Arguments.of(
            "labels",
            new KanikoTar()
                .layer(5, 10)
                .label("größe", "naïve <ünï> & \"quoted\" \\ \u2028 日本語 🐳")
                .label("html", "<b>&amp;</b>")),
        Arguments.of("no-layers", new KanikoTar()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("images")
  void an_image(String name, KanikoTar tar) throws Exception {
    Path file = tar.writeTo(folder.resolve("image.tar"));

    crane("push", "--insecure", file.toString(), TestRegistry.image("crane/" + name).toString());

    Manifest ours = Manifest.of(ImageTar.read(new FileTarSource(file)));
    assertThat(new String(ours.bytes(), UTF_8)).isEqualTo(pushedByCrane("crane/" + name));
    assertThat(crane("digest", "--tarball", file.toString())).isEqualTo(ours.digest());
  }

  private static String pushedByCrane(String repository) throws Exception {
    URI uri =
        URI.create(
            "http://%s/v2/%s/manifests/latest".formatted(TestRegistry.address(), repository));
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(uri)
                .header("Accept", Manifest.Format.DOCKER.mediaType())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static String crane(String... arguments) throws Exception {
    return Program.ofTool("crane", arguments).output();
  }
}
