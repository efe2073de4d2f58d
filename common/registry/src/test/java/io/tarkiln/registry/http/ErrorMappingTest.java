package io.tarkiln.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.BlobChecker;
import io.tarkiln.registry.BlobMounter;
import io.tarkiln.registry.BlobUploader;
import io.tarkiln.registry.Manifests;
import io.tarkiln.registry.MountResult;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistryFixture;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ErrorMappingTest {
  private static final Manifests.Stored MANIFEST =
      new Manifests.Stored("{}".getBytes(), "application/json");

  private ScriptedServer server;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void says_what_the_registry_denies_in_its_own_words() throws Exception {
    RegistryConnection registry = answering(error(403, "DENIED", "quota of 5 GiB exceeded"));

    assertRejected(Refusal.DENIED, () -> new Manifests(registry).put("1.4.0", MANIFEST))
        .hasMessageContaining("DENIED quota of 5 GiB exceeded")
        .hasMessageContaining("shop/api");
    assertRejected(Refusal.DENIED, () -> new Manifests(registry).has("1.4.0"));
    assertRejected(Refusal.DENIED, () -> upload(registry));
  }

  @Test
  void a_refusal_has_the_registrys_own_status_and_code() throws Exception {
    RegistryConnection registry = answering(error(403, "DENIED", "not yours"));

    assertThatThrownBy(() -> new Manifests(registry).put("1.4.0", MANIFEST))
        .isInstanceOfSatisfying(
            RegistryRefusedException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(403);
              assertThat(refused.code()).isEqualTo("DENIED");
              assertThat(refused.isRetryable()).isFalse();
            });
  }

  @Test
  void a_tag_that_stays_as_it_is_asks_for_a_new_tag() throws Exception {
    RegistryConnection registry = answering(error(412, "PRECONDITION", "configured as immutable"));

    assertRejected(Refusal.TAG_IMMUTABLE, () -> new Manifests(registry).put("1.4.0", MANIFEST))
        .hasMessageContaining("choose a new tag");
  }

  @Test
  void knows_an_immutable_tag_by_its_message_too() throws Exception {
    RegistryConnection registry = answering(error(400, "TAG_INVALID", "tag is Immutable"));

    assertRejected(Refusal.TAG_IMMUTABLE, () -> new Manifests(registry).put("1.4.0", MANIFEST));
  }

  @Test
  void a_policy_against_an_image_is_no_immutable_tag() throws Exception {
    RegistryConnection registry = answering(error(412, "PROJECTPOLICYVIOLATION", "severity"));

    assertRejected(Refusal.DENIED, () -> new Manifests(registry).put("1.4.0", MANIFEST))
        .hasMessageContaining("PROJECTPOLICYVIOLATION severity");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void a_registry_in_trouble_is_asked_again_later(int status) throws Exception {
    RegistryConnection registry = answering(Answer.of(status));

    assertUnavailable(status, () -> new Manifests(registry).put("1.4.0", MANIFEST));
    assertUnavailable(status, () -> new Manifests(registry).get("1.4.0"));
    assertUnavailable(status, () -> new BlobChecker(registry).has("sha256:1"));
    assertUnavailable(status, () -> new BlobMounter(registry).mount("sha256:1", "base"));
    assertUnavailable(status, () -> upload(registry));
  }

  @Test
  void a_missing_repository_is_to_be_created_first() throws Exception {
    RegistryConnection registry = answering(error(404, "NAME_UNKNOWN", "no project shop"));

    assertRejected(Refusal.DENIED, () -> upload(registry))
        .hasMessageContaining("NAME_UNKNOWN no project shop")
        .hasMessageContaining("create the project");
  }

  @Test
  void what_is_not_there_is_an_answer_and_no_fault() throws Exception {
    RegistryConnection registry = answering(Answer.of(404));

    assertThat(new Manifests(registry).get("1.4.0")).isEmpty();
    assertThat(new Manifests(registry).has("1.4.0")).isFalse();
    assertThat(new BlobChecker(registry).has("sha256:1")).isFalse();
  }

  @Test
  void an_answer_that_breaks_off_is_none() throws Exception {
    RegistryConnection registry =
        answering(Answer.of(200).saying("{\"half\":").with("Content-Length", "20"));

    assertThatThrownBy(() -> new Manifests(registry).get("1.4.0"))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("only 8 of 20 bytes came");
  }

  @Test
  void a_manifest_with_other_bytes_than_its_digest_is_not_taken() throws Exception {
    RegistryConnection registry = answering(Answer.of(200).saying("{}"));

    assertThatThrownBy(() -> new Manifests(registry).get("sha256:" + "0".repeat(64)))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("other bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405})
  void a_mount_that_is_refused_is_no_fault(int status) throws Exception {
    RegistryConnection registry = answering(error(status, "DENIED", "not yours"));

    assertThat(new BlobMounter(registry).mount("sha256:1", "base"))
        .isInstanceOf(MountResult.Refused.class);
    assertThat(server.seen().get(0).uri())
        .isEqualTo("/v2/shop/api/blobs/uploads/?mount=sha256:1&from=base");
  }

  @Test
  void a_mount_is_done_or_begins_an_upload() throws Exception {
    RegistryConnection done = answering(Answer.of(201).with("Location", "/v2/x"));
    assertThat(new BlobMounter(done).mount("sha256:1", "base")).isEqualTo(new MountResult.Done());
    close();

    RegistryConnection begins = answering(Answer.of(202).with("Location", "/v2/up?id=1"));
    assertThat(new BlobMounter(begins).mount("sha256:1", "base"))
        .isEqualTo(
            new MountResult.Session(URI.create("http://" + server.address() + "/v2/up?id=1")));
  }

  @Test
  void a_registry_that_is_not_there_is_asked_again_later() throws Exception {
    RegistryConnection registry = answering(Answer.of(200));
    server.close();

    assertThatThrownBy(() -> new BlobChecker(registry).has("sha256:1"))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(server.address());
  }

  @Test
  void an_endless_redirect_is_followed_for_a_while_only() throws Exception {
    RegistryConnection registry = answering(Answer.of(307).with("Location", "/again"));

    assertThat(new BlobChecker(registry).has("sha256:1")).isFalse();
    assertThat(server.seen()).hasSizeLessThan(10);
  }

  private RegistryConnection answering(Answer answer) throws Exception {
    server = new ScriptedServer(request -> answer);
    return new RegistryClient(RegistryFixture.settings(server.address()))
        .connect(ImageReference.parse(server.address() + "/shop/api:1.4.0"), List.of());
  }

  private static Answer error(int status, String code, String message) {
    return Answer.of(status)
        .saying("{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message));
  }

  private static void upload(RegistryConnection registry) throws Exception {
    new BlobUploader(registry, count -> {}).upload(RegistryFixture.blob(1, 1000), Optional.empty());
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRejected(
      Refusal refusal, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RegistryRefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(refusal));
  }

  private static void assertUnavailable(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(Integer.toString(status));
  }
}
