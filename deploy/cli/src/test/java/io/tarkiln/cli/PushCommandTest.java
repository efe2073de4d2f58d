package io.tarkiln.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.image.Digests;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code push} against a real registry and a real S3 server. */
@Tag("server")
class PushCommandTest {
  @TempDir static Path folder;
  private static RegistryServer registry;
  private static S3Server s3;

  @BeforeAll
  static void start() throws Exception {
    registry =
        RegistryServer.start(
            GoTools.provide("registry"),
            folder.resolve("registry"),
            "127.0.0.1",
            0,
            RegistryServer.Options.PLAIN);
    s3 = S3Server.start(folder.resolve("s3"), "127.0.0.1", 0);
    Cli.configure(s3.variables());
    Map<String, String> bucket = new HashMap<>(s3.variables());
    bucket.put(Settings.BUCKET, "images");
    try (ObjectStore store = ObjectStore.connect(Settings.of(bucket))) {
      store.createBucket();
      store.write("shop/api.tar", tar("s3"));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    Cli.configure(Map.of());
    registry.close();
    s3.close();
  }

  @Test
  void a_file_goes_to_a_registry_and_not_a_second_time() throws Exception {
    Path file = Files.write(folder.resolve("image.tar"), tar("file"));
    String image = registry.address() + "/shop/file:1";

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
    String tar = "s3://images/shop/api.tar";
    Cli.run("push", "--plain-http", tar, registry.address() + "/shop/base:1");

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
            registry.address() + "/shop/api:1");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("application/vnd.oci.image.manifest.v1+json")
        .contains("\"blobsMounted\" : 2")
        .contains("\"bytesSent\" : 0");
  }

  @Test
  void an_object_that_is_not_there_is_said_in_one_sentence() {
    Cli.Ran ran =
        Cli.run("push", "--plain-http", "s3://images/no.tar", registry.address() + "/shop/no:1");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("no image tar at s3://images/no.tar").hasLineCount(1);
  }

  @Test
  void a_registry_without_tls_is_distinguished_from_one_that_is_down() {
    Cli.Ran ran = Cli.run("push", "s3://images/shop/api.tar", registry.address() + "/shop/api:1");

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

  /** An image of one layer, as Kaniko writes it. */
  private static byte[] tar(String content) throws IOException {
    byte[] layer = content.getBytes(UTF_8);
    String name = Digests.of(layer).replace("sha256:", "") + ".tar.gz";
    byte[] config =
        "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:1\"]}}".getBytes(UTF_8);
    String manifest =
        "[{\"Config\":\"%s\",\"RepoTags\":[],\"Layers\":[\"%s\"]}]"
            .formatted(Digests.of(config), name);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      member(tar, Digests.of(config), config);
      member(tar, name, layer);
      member(tar, "manifest.json", manifest.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void member(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
