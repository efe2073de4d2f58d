package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.blob.BlobContent;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.registry.http.RegistryRequest;
import io.tarkiln.testkit.Relay;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class BlobUploaderTest {
  private static final int CHUNK = 600_000;
  private static final BlobUploader.Sizes SIZES = new BlobUploader.Sizes(1 << 30, CHUNK);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100_000, 20 << 20})
  void a_blob_reads_back_as_it_was_sent(int size) throws Exception {
    RegistryConnection registry = RegistryFixture.connection("uploader/whole");
    ByteArrayBlob blob = RegistryFixture.blob(size, size);
    AtomicLong sent = new AtomicLong();

    new BlobUploader(registry, sent::addAndGet).upload(blob, Optional.empty());

    assertThat(new BlobChecker(registry).has(blob.digest())).isTrue();
    assertThat(bytes(registry, blob.digest())).isEqualTo(blob.bytes());
    assertThat(sent).hasValue(size);
  }

  @Test
  void an_answer_that_is_far_too_large_is_not_read_to_its_end() throws Exception {
    RegistryConnection registry = RegistryFixture.connection("uploader/large");
    ByteArrayBlob blob = RegistryFixture.blob(9, 20 << 20);
    new BlobUploader(registry, count -> {}).upload(blob, Optional.empty());

    assertThatThrownBy(
            () -> registry.send(RegistryRequest.of("GET", registry.uri("blobs/" + blob.digest()))))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("more than");
  }

  @Test
  void a_blob_may_be_sent_again() throws Exception {
    RegistryConnection registry = RegistryFixture.connection("uploader/again");
    ByteArrayBlob blob = RegistryFixture.blob(1, 1000);

    new BlobUploader(registry, count -> {}).upload(blob, Optional.empty());
    new BlobUploader(registry, count -> {}).upload(blob, Optional.empty());

    assertThat(bytes(registry, blob.digest())).isEqualTo(blob.bytes());
  }

  @Test
  void goes_on_in_a_session_that_is_begun_already() throws Exception {
    RegistryConnection real = RegistryFixture.connection("uploader/session");
    ByteArrayBlob blob = RegistryFixture.blob(2, 1000);
    try (ScriptedServer watched = new ScriptedServer(new Relay(request -> Optional.empty()))) {
      URI session = UploadSessions.begin(connect(watched, "uploader/session"));

      new BlobUploader(connect(watched, "uploader/session"), count -> {})
          .upload(blob, Optional.of(session));

      assertThat(methods(watched)).containsExactly("POST", "PUT");
      assertThat(bytes(real, blob.digest())).isEqualTo(blob.bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 3 * CHUNK})
  void a_blob_with_another_digest_than_its_name_is_held_back(int size) throws Exception {
    RegistryConnection registry = RegistryFixture.connection("uploader/wrong");
    ByteArrayBlob wrong =
        new ByteArrayBlob(
            RegistryFixture.blob(3, 10).digest(), RegistryFixture.blob(4, size).bytes());

    assertThatThrownBy(
            () -> new BlobUploader(registry, count -> {}, SIZES).upload(wrong, Optional.empty()))
        .isInstanceOfSatisfying(
            RegistryRefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.WRONG_DIGEST))
        .hasMessageContaining(wrong.digest());

    assertThat(new BlobChecker(registry).has(wrong.digest())).isFalse();
    assertThat(new BlobChecker(registry).has(ByteArrayBlob.of(wrong.bytes()).digest())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {413, 400, 0})
  void sends_in_chunks_where_a_large_blob_is_refused_or_cut_off(int status) throws Exception {
    RegistryConnection real = RegistryFixture.connection("uploader/chunks" + status);
    ByteArrayBlob blob = RegistryFixture.blob(5, 2 * CHUNK + 7);
    try (ScriptedServer proxy = new ScriptedServer(limited(status))) {

      new BlobUploader(connect(proxy, "uploader/chunks" + status), count -> {}, SIZES)
          .upload(blob, Optional.empty());

      assertThat(methods(proxy).stream().filter(method -> !method.matches("HEAD|GET")))
          .containsExactly("POST", "PUT", "DELETE", "POST", "PATCH", "PATCH", "PATCH", "PUT");
      assertThat(bytes(real, blob.digest())).isEqualTo(blob.bytes());
    }
  }

  @Test
  void a_wrong_digest_is_found_in_chunks_too() throws Exception {
    RegistryConnection real = RegistryFixture.connection("uploader/wrong-chunks");
    byte[] bytes = RegistryFixture.blob(6, 2 * CHUNK + 7).bytes();
    ByteArrayBlob wrong = new ByteArrayBlob(RegistryFixture.blob(7, 10).digest(), bytes);
    // Cut off before the end is read, so that the whole blob's digest is not known yet.
    BlobContent unread = new CutOffAtFirst(wrong);
    try (ScriptedServer proxy = new ScriptedServer(limited(413))) {

      assertThatThrownBy(
              () ->
                  new BlobUploader(connect(proxy, "uploader/wrong-chunks"), count -> {}, SIZES)
                      .upload(unread, Optional.empty()))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.WRONG_DIGEST));

      assertThat(methods(proxy)).contains("PATCH").endsWith("DELETE");
      assertThat(new BlobChecker(real).has(wrong.digest())).isFalse();
    }
  }

  @Test
  void a_small_blob_that_is_refused_is_not_sent_again() throws Exception {
    try (ScriptedServer proxy = new ScriptedServer(limited(413, 1000))) {
      BlobUploader uploader = new BlobUploader(connect(proxy, "uploader/small"), count -> {});

      assertThatThrownBy(() -> uploader.upload(RegistryFixture.blob(8, 80_000), Optional.empty()))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.DENIED))
          .hasMessageContaining("413");
      assertThat(methods(proxy)).containsExactly("POST", "PUT", "DELETE");
    }
  }

  @Test
  void goes_on_with_a_source_that_breaks_off_once() throws Exception {
    RegistryConnection registry = RegistryFixture.connection("uploader/broken-once");
    ByteArrayBlob whole = RegistryFixture.blob(9, 1000);

    new BlobUploader(registry, count -> {}).upload(new CutOffAtFirst(whole), Optional.empty());

    assertThat(bytes(registry, whole.digest())).isEqualTo(whole.bytes());
  }

  @Test
  void a_source_that_breaks_off_always_is_tried_again_later() {
    RegistryConnection registry = RegistryFixture.connection("uploader/broken");
    ByteArrayBlob half = RegistryFixture.blob(9, 1000);
    BlobContent broken =
        new BlobContent() {
          @Override
          public String digest() {
            return half.digest();
          }

          @Override
          public long size() {
            return 2 * half.size();
          }

          @Override
          public InputStream open(long offset, long length) {
            return half.open(0, 500);
          }
        };

    assertThatThrownBy(
            () -> new BlobUploader(registry, count -> {}).upload(broken, Optional.empty()))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  /** Breaks off in the middle when it is read for the first time. */
  private static final class CutOffAtFirst implements BlobContent {
    private final ByteArrayBlob blob;
    private boolean isFirst = true;

    CutOffAtFirst(ByteArrayBlob blob) {
      this.blob = blob;
    }

    @Override
    public String digest() {
      return blob.digest();
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public InputStream open(long offset, long length) {
      long there = isFirst ? length / 2 : length;
      isFirst = false;
      return blob.open(offset, there);
    }
  }

  /** The real registry behind a proxy that takes no more than a chunk in one request. */
  private static Relay limited(int status) {
    return limited(status, CHUNK);
  }

  private static Relay limited(int status, int most) {
    return new Relay(
        request ->
            request.body().length > most ? Optional.of(Answer.of(status)) : Optional.empty());
  }

  private static RegistryConnection connect(ScriptedServer server, String repository) {
    return new RegistryClient(RegistryFixture.settings(server.address()))
        .connect(ImageReference.parse(server.address() + "/" + repository), List.of());
  }

  private static List<String> methods(ScriptedServer server) {
    return server.seen().stream().map(Seen::method).toList();
  }

  private static byte[] bytes(RegistryConnection registry, String digest) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(registry.uri("blobs/" + digest)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }
}
