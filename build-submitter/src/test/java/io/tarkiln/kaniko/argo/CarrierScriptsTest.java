package io.tarkiln.kaniko.argo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.Processes;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.kaniko.Polling;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectAddresses;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of the workflow template that carry files between S3 and the pod, run here. */
@Tag("server")
class CarrierScriptsTest {
  private static final String SOURCE = "sources/shop/tree.tar.gz";
  private static final String DOCKERFILE = "builds/1/api/Dockerfile.rewritten";
  private static final String TAR = "builds/1/api/image.tar";

  @TempDir static Path s3Folder;
  private static S3Server s3;
  private static ObjectStore store;
  private static ObjectAddresses addresses;

  @TempDir Path pod;
  private Process script;

  @BeforeAll
  static void start() throws Exception {
    s3 = S3Server.start(s3Folder, "127.0.0.1", 0);
    Settings settings = Settings.of(s3.variables());
    store = ObjectStore.connect(settings);
    store.createBucket();
    addresses = ObjectAddresses.of(settings);
  }

  @AfterAll
  static void end() throws Exception {
    store.close();
    s3.close();
  }

  @BeforeEach
  void prepare() throws Exception {
    store.delete(TAR);
    Files.createDirectories(pod.resolve("files/run"));
    Files.createDirectories(pod.resolve("addresses"));
    Duration hour = Duration.ofHours(1);
    give("source", addresses.toRead(SOURCE, hour).toString());
    give("dockerfile", addresses.toRead(DOCKERFILE, hour).toString());
    give("image", addresses.toWrite(TAR, hour).toString());
  }

  private void give(String name, String address) throws IOException {
    Files.writeString(pod.resolve("addresses").resolve(name), address);
  }

  @AfterEach
  void endScript() {
    if (script != null) {
      Processes.end(script, Duration.ofSeconds(10));
    }
  }

  @Test
  void fetch_brings_context_and_dockerfile() throws Exception {
    store.write(SOURCE, "context".getBytes(UTF_8));
    store.write(DOCKERFILE, "FROM scratch".getBytes(UTF_8));

    start("fetch");

    assertThat(script.waitFor()).isZero();
    assertThat(pod.resolve("files/context.tar.gz")).hasContent("context");
    assertThat(pod.resolve("files/Dockerfile")).hasContent("FROM scratch");
    assertThat(pod.resolve("files/Dockerfile.dockerignore")).exists();
  }

  @Test
  void fetch_fails_where_an_object_is_missing() throws Exception {
    store.write(SOURCE, "context".getBytes(UTF_8));
    store.delete(DOCKERFILE);

    start("fetch");

    assertThat(script.waitFor()).isNotZero();
  }

  @Test
  void upload_brings_the_tar_once_it_is_ready() throws Exception {
    start("upload");
    Files.writeString(run("image.tar"), "image");
    assertThat(store.exists(TAR)).isFalse();

    assertThat(word()).isEqualTo("stored");
    assertThat(store.read(TAR).orElseThrow()).isEqualTo("image".getBytes(UTF_8));
  }

  @Test
  void upload_follows_no_link_that_a_build_puts_in_the_place_of_its_tar() throws Exception {
    start("upload");
    Files.createSymbolicLink(run("image.tar"), pod.resolve("addresses/image"));

    assertThat(word()).startsWith("refused ");
    assertThat(store.exists(TAR)).isFalse();
  }

  @Test
  void upload_takes_no_folder_pipe_or_nothing_for_a_tar() throws Exception {
    start("upload");
    Files.createDirectory(run("image.tar"));
    assertThat(word()).startsWith("refused ");
    endScript();

    again();
    assertThat(new ProcessBuilder("mkfifo", run("image.tar").toString()).start().waitFor())
        .isZero();
    assertThat(word()).startsWith("refused ");
    endScript();

    again();
    assertThat(word()).startsWith("refused ");
    assertThat(store.exists(TAR)).isFalse();
  }

  @Test
  void upload_says_when_a_tar_has_more_than_s3_takes_in_one_piece() throws Exception {
    start("upload");
    try (RandomAccessFile sparse = new RandomAccessFile(run("image.tar").toFile(), "rw")) {
      sparse.setLength((5L << 30) + 1);
    }

    assertThat(word()).startsWith("large the image tar has 5368709121 bytes");
    assertThat(store.exists(TAR)).isFalse();
  }

  @Test
  void upload_says_when_s3_does_not_take_it_and_shows_no_address() throws Exception {
    give("image", addresses.toWrite(TAR, Duration.ofHours(1)) + "0");
    start("upload");
    Files.writeString(run("image.tar"), "image");

    assertThat(word()).startsWith("unavailable S3 did not take").doesNotContain("X-Amz");
    assertThat(store.exists(TAR)).isFalse();
  }

  @Test
  void upload_ends_when_the_pod_does() throws Exception {
    start("upload");
    Files.writeString(run("image.tar"), "image");
    word();

    script.destroy();

    assertThat(script.waitFor()).isZero();
  }

  private Path run(String name) {
    return pod.resolve("files/run").resolve(name);
  }

  private void again() throws Exception {
    Files.deleteIfExists(run("built"));
    Files.delete(pod.resolve("files/said/done"));
    assertThat(
            new ProcessBuilder("rm", "-rf", pod.resolve("files/out").toString()).start().waitFor())
        .isZero();
    start("upload");
  }

  /** What Kaniko's container hears when it says that the tar is ready. */
  private String word() throws Exception {
    Files.writeString(run("built"), "");
    Path said = pod.resolve("files/said/done");
    Polling.until(() -> Files.exists(said));
    return Files.readString(said).strip();
  }

  /** Runs a container's script with its folders in this test's. */
  private void start(String container) throws IOException {
    String template =
        Files.readString(GoTools.home().resolve("deploy/argo/cluster-workflow-template.yaml"));
    String from = template.substring(template.indexOf("- name: " + container + "\n"));
    String text =
        from.substring(from.indexOf("- |\n") + 4, from.indexOf("          resources:\n"))
            .stripIndent()
            .replaceAll("(?<![\\w/])/(files|addresses)", pod.toString() + "/$1");
    script =
        new ProcessBuilder("busybox", "sh", from.contains("- -ec\n") ? "-ec" : "-c", text)
            .redirectErrorStream(true)
            .redirectOutput(pod.resolve(container + ".log").toFile())
            .start();
  }
}
