package io.tarkiln.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.SharedRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code push} against a real registry and a real S3 server. */
@Tag("server")
class PushCommandTest {
  @TempDir static Path folder;
  private static final Map<String, String> BUCKET = TestS3.newBucket();
  private static final String IMAGES = "s3://" + BUCKET.get(Settings.BUCKET);

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> another = new HashMap<>(BUCKET);
    another.remove(Settings.BUCKET);
    Cli.configure(another);
    try (ObjectStore store = ObjectStore.connect(Settings.of(BUCKET))) {
      store.write("shop/api.tar", tar("s3"));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    Cli.configure(Map.of());
  }

  @Test
  void a_file_goes_to_a_registry_and_not_a_second_time() throws Exception {
    Path file = Files.write(folder.resolve("image.tar"), tar("file"));
    String image = SharedRegistry.address() + "/shop/file:1";

    Cli.Ran first = Cli.run("push", "--plain-http", file.toString(), image);
    Cli.Ran second = Cli.run("push", "--plain-http", file.toString(), image);

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).startsWith(image + "@sha256:").contains("2 blobs sent, 0 mounted");
    assertThat(first.err().lines()).hasSize(2).allMatch(line -> line.startsWith("sent "));
    assertThat(second.out()).contains("0 bytes sent, 0 blobs sent, 0 mounted, 2 skipped");
    assertThat(second.err().lines()).hasSize(2).allMatch(line -> line.startsWith("skipped "));
  }

  @Test
  void an_object_in_s3_goes_with_mounts_and_the_media_types_of_oci() {
    String tar = IMAGES + "/shop/api.tar";
    Cli.run("push", "--plain-http", tar, SharedRegistry.address() + "/shop/base:1");

    Cli.Ran ran =
        Cli.run(
            "push",
            "--plain-http",
            "--oci",
            "--mount-from",
            "shop/base",
            "-o",
            "json",
            tar,
            SharedRegistry.address() + "/shop/api:1");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("application/vnd.oci.image.manifest.v1+json")
        .contains("\"blobsMounted\" : 2")
        .contains("\"bytesSent\" : 0");
  }

  @Test
  void an_object_that_is_not_there_is_said_in_one_sentence() {
    Cli.Ran ran =
        Cli.run(
            "push", "--plain-http", IMAGES + "/no.tar", SharedRegistry.address() + "/shop/no:1");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("no image tar at " + IMAGES + "/no.tar").hasLineCount(1);
  }

  @Test
  void a_registry_without_tls_is_distinguished_from_one_that_is_down() {
    Cli.Ran ran =
        Cli.run("push", IMAGES + "/shop/api.tar", SharedRegistry.address() + "/shop/api:1");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .contains("does not speak TLS", "TARKILN_PLAIN_HTTP_REGISTRIES")
        .hasLineCount(1);
  }

  @Test
  void progress_is_drawn_in_one_place_on_a_terminal() {
    StringWriter out = new StringWriter();
    PushProgressPrinter progress = new PushProgressPrinter(new PrintWriter(out), true);

    progress.sending(200_000_000);
    progress.show(50_000_000);
    progress.blob("sha256:" + "0".repeat(64), 200_000_000, PushProgress.BlobResult.SENT);

    assertThat(out.toString())
        .containsPattern("sending  50.0 MB of 200.0 MB, .* MB/s")
        .contains("\r\u001b[Ksent     sha256:000000000000 200.0 MB");
  }

  private static byte[] tar(String content) {
    return new KanikoTar().layer("text", content.getBytes(UTF_8)).bytes();
  }
}
