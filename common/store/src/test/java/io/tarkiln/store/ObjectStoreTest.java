package io.tarkiln.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ObjectStoreTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir static Path folder;
  private static S3Server server;
  private static ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder, "127.0.0.1", 0);
    store = ObjectStore.connect(settings(server.endpoint().toString()));
    store.createBucket();
    store.createBucket();
  }

  @AfterAll
  static void stop() throws IOException {
    store.close();
    server.close();
  }

  @Test
  void reads_no_more_of_a_small_object_than_it_may_have() throws Exception {
    store.write("small", new byte[100]);

    assertThat(store.read("small", 100)).hasValue(new byte[100]);
    assertThatThrownBy(() -> store.read("small", 99))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("small has more than 99 bytes");
  }

  @Test
  void reads_what_it_wrote_and_nothing_else() throws Exception {
    store.write("a/1", "one".getBytes(UTF_8));

    assertThat(store.read("a/1")).hasValue("one".getBytes(UTF_8));
    assertThat(store.size("a/1")).hasValue(3);
    assertThat(store.read("a/2")).isEmpty();
    assertThat(store.exists("a/2")).isFalse();
    assertThat(store.open("a/2")).isEmpty();
  }

  @Test
  void renews_an_object_and_keeps_its_bytes() throws Exception {
    byte[] bytes = new byte[3 * MEBIBYTE];
    new Random(1).nextBytes(bytes);
    store.write("renewed/1", bytes);

    assertThat(store.touch("renewed/1")).isTrue();

    assertThat(store.read("renewed/1")).hasValue(bytes);
    assertThat(store.writtenBelow("renewed/")).containsOnlyKeys("renewed/1");
  }

  @Test
  void lets_exactly_one_of_many_write_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> writers =
        IntStream.range(0, 8)
            .<Callable<Boolean>>mapToObj(
                i -> () -> store.writeOnce("once", Integer.toString(i).getBytes(UTF_8)))
            .toList();

    List<Future<Boolean>> wrote = threads.invokeAll(writers);
    threads.shutdown();

    int winners = 0;
    for (Future<Boolean> one : wrote) {
      winners += one.get() ? 1 : 0;
    }
    assertThat(winners).isEqualTo(1);
  }

  @Test
  void calls_a_list_unavailable_that_breaks_off_before_its_first_byte() throws Exception {
    byte[] head =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "40\r\n")
            .getBytes(UTF_8);
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.submit(
          () -> {
            while (true) {
              try (Socket client = server.accept()) {
                client.getInputStream().read(new byte[1 << 16]);
                client.getOutputStream().write(head);
              }
            }
          });
      Settings settings =
          Settings.of(
              Map.of(
                  "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + server.getLocalPort(),
                  "AWS_ACCESS_KEY_ID", "any",
                  "AWS_SECRET_ACCESS_KEY", "any"));
      try (ObjectStore cut = ObjectStore.connect(settings)) {
        assertThatThrownBy(() -> cut.list("builds/")).isInstanceOf(UnavailableException.class);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 9 * MEBIBYTE})
  void keeps_the_first_of_two_uploads_that_complete_once(int size) throws Exception {
    byte[] bytes = new byte[size];
    String key = "first/" + size;

    assertThat(uploadOnce(key, bytes)).isTrue();
    assertThat(uploadOnce(key, new byte[size + 1])).isFalse();

    assertThat(store.size(key)).hasValue(size);
  }

  private static boolean uploadOnce(String key, byte[] bytes) throws Exception {
    try (ObjectUpload upload = store.upload(key)) {
      upload.write(bytes, 0, bytes.length);
      return upload.completeOnce();
    }
  }

  @Test
  void shows_a_large_object_only_once_it_is_complete() throws Exception {
    byte[] bytes = new byte[20 * MEBIBYTE + 17];
    new Random(7).nextBytes(bytes);
    try (ObjectUpload upload = store.upload("large")) {
      upload.write(bytes, 0, bytes.length);
      assertThat(store.exists("large")).isFalse();
      upload.complete();
    }

    assertThat(store.size("large")).hasValue(bytes.length);
    try (InputStream in = store.open("large").orElseThrow()) {
      assertThat(in.readAllBytes()).isEqualTo(bytes);
    }
    String version;
    try (ObjectStore.End beginning = store.beginning("large", 1).orElseThrow()) {
      version = beginning.version();
    }
    try (InputStream in = store.open("large", version, 10 * MEBIBYTE, 5).orElseThrow()) {
      assertThat(in.readAllBytes())
          .isEqualTo(java.util.Arrays.copyOfRange(bytes, 10 * MEBIBYTE, 10 * MEBIBYTE + 5));
    }
  }

  @Test
  void leaves_nothing_of_an_upload_that_was_given_up() throws Exception {
    try (ObjectUpload upload = store.upload("given-up/large")) {
      upload.write(new byte[20 * MEBIBYTE]);
    }
    try (ObjectUpload upload = store.upload("given-up/small")) {
      upload.write(1);
    }

    assertThat(store.list("given-up/")).isEmpty();
  }

  @Test
  void takes_an_empty_upload() throws Exception {
    try (ObjectUpload upload = store.upload("empty")) {
      upload.complete();
    }

    assertThat(store.size("empty")).hasValue(0);
  }

  @Test
  void lists_all_keys_of_a_prefix_over_many_pages() throws Exception {
    for (int i = 0; i < 1100; i++) {
      store.write("many/%04d".formatted(i), new byte[0]);
    }

    assertThat(store.list("many/")).hasSize(1100).isSorted();
    assertThat(store.list("none/")).isEmpty();
  }

  @Test
  void says_so_when_the_server_is_not_there() {
    try (ObjectStore nowhere = ObjectStore.connect(settings("http://127.0.0.1:1"))) {
      assertThatThrownBy(() -> nowhere.exists("x"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("cannot look at x in S3");
    }
  }

  @Test
  void calls_an_object_unavailable_that_breaks_off() throws Exception {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread server = new Thread(() -> answerByHalves(listener));
    server.start();
    try (ObjectStore broken =
        ObjectStore.connect(settings("http://127.0.0.1:" + listener.getLocalPort()))) {
      assertThatThrownBy(() -> broken.read("a/1"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("a/1");
    } finally {
      listener.close();
      server.join();
    }
  }

  /** Ends each connection in the middle of the body. */
  private static void answerByHalves(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        BufferedReader request =
            new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
          line = request.readLine();
        }
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(UTF_8));
      } catch (IOException ended) {
        // by the client, or the listener is closed
      }
    }
  }

  private static Settings settings(String endpoint) {
    Map<String, String> values = new HashMap<>(server.variables());
    values.put(Settings.S3_ENDPOINT, endpoint);
    values.put(Settings.BUCKET, "object-store-test");
    return Settings.of(values);
  }
}
