package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.push.SampleTars;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import io.tarkiln.testkit.Noise;
import io.tarkiln.testkit.Relay;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real registry that refuses what Harbor would refuse, in Harbor's words (its sources, {@code
 * src/server/middleware}).
 */
@Tag("server")
class HarborTest {
  private static final Predicate<Seen> TAG =
      request -> request.method().equals("PUT") && request.uri().endsWith("/manifests/1.4.0");
  private static final Predicate<Seen> MANIFEST =
      request -> request.method().equals("PUT") && request.uri().contains("/manifests/");
  private static final Predicate<Seen> UPLOAD =
      request -> request.method().equals("POST") && request.uri().contains("/blobs/uploads/");
  private static final Predicate<Seen> ALL = request -> true;

  /** So that no test finds blobs of another. */
  private static final AtomicInteger REPOSITORIES = new AtomicInteger();

  @TempDir Path folder;

  @Test
  void an_immutable_tag() throws Exception {
    assertRefused(
        TAG,
        error(
            412,
            "PRECONDITION",
            "Failed to process request due to 'shop/api:1.4.0' configured as immutable."),
        Reason.TAG_IMMUTABLE,
        "keeps the tags of harbor/api-",
        "configured as immutable",
        "choose a new tag");
  }

  @Test
  void a_quota_that_is_used_up() throws Exception {
    assertRefused(
        MANIFEST,
        error(
            403,
            "DENIED",
            "adding 93.0 MiB of storage resource, which when updated to current usage of 1.1 GiB"
                + " will exceed the configured upper limit of 1.0 GiB."),
        Reason.REGISTRY_DENIED,
        "the quota of project 'harbor' is used up",
        "configured upper limit of 1.0 GiB");
  }

  @Test
  void a_proxy_project() throws Exception {
    assertRefused(
        UPLOAD,
        error(403, "DENIED", "denied: can not push artifact to a proxy project: harbor"),
        Reason.REGISTRY_DENIED,
        "'harbor' is a proxy project, which takes no pushes");
  }

  @Test
  void a_project_that_is_not_there() throws Exception {
    assertRefused(
        UPLOAD,
        error(404, "NOT_FOUND", "project harbor not found"),
        Reason.REGISTRY_DENIED,
        "project harbor not found",
        "create the project");
  }

  @Test
  void an_account_without_the_right() throws Exception {
    assertRefused(
        ALL,
        error(
                401,
                "UNAUTHORIZED",
                "unauthorized to access repository: harbor/api, action: push: unauthorized to"
                    + " access repository: harbor/api, action: push")
            .with("WWW-Authenticate", "Basic realm=\"harbor\""),
        Reason.AUTHENTICATION_REFUSED,
        "wants an account and none is known");
  }

  @Test
  void a_policy_against_weaknesses() throws Exception {
    assertRefused(
        MANIFEST,
        error(
            412,
            "PROJECTPOLICYVIOLATION",
            "current image with 7 vulnerabilities cannot be pulled due to configured policy in"
                + " 'Prevent images with vulnerability severity of \\\"High\\\" or higher from"
                + " running.'"),
        Reason.REGISTRY_DENIED,
        "has a policy against PUT",
        "severity");
  }

  @Test
  void a_role_that_may_not_push() throws Exception {
    assertRefused(
        UPLOAD, error(403, "FORBIDDEN", "forbidden"), Reason.REGISTRY_DENIED, "account's rights");
  }

  @Test
  void a_tag_with_the_same_digest_is_a_success() throws Exception {
    try (ScriptedServer harbor =
            new ScriptedServer(
                new Relay(
                    request ->
                        TAG.test(request) && isTagged(request)
                            ? Optional.of(error(412, "PRECONDITION", "configured as immutable"))
                            : Optional.empty()));
        ImagePusher pusher = new ImagePusher(TestRegistry.settings(harbor.address()))) {
      ImageReference image = ImageReference.parse(harbor.address() + "/harbor/same:1.4.0");
      for (int i = 0; i < 2; i++) {
        String digest = push(pusher, image);

        pusher.tag(image, digest);
      }

      assertThat(harbor.seen().stream().filter(TAG)).hasSize(2);
    }
  }

  /** Distribution's own read-only registry, which is how Harbor's proxy projects began. */
  @Test
  void a_pull_through_cache() throws Exception {
    URI upstream = URI.create("http://" + TestRegistry.address());
    try (RegistryServer cache =
        RegistryServer.start(
            folder,
            "127.0.0.1",
            new RegistryServer.Options(Optional.empty(), Optional.of(upstream)))) {
      RegistryConnection connection =
          new RegistryClient(TestRegistry.settings(cache.address()))
              .connect(ImageReference.parse(cache.address() + "/harbor/cached"), List.of());

      assertThatThrownBy(
              () ->
                  new BlobUploader(connection, count -> {})
                      .upload(ByteArrayBlob.of(Noise.bytes(1, 1000)), Optional.empty()))
          .isInstanceOfSatisfying(
              RegistryRefusedException.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.DENIED))
          .hasMessageContaining("cache of another registry");
    }
  }

  private static boolean isTagged(Seen request) {
    String repository = request.uri().replaceFirst("^/v2/", "").replaceFirst("/manifests/.*", "");
    try {
      return new Manifests(TestRegistry.connection(repository)).has("1.4.0");
    } catch (RegistryException odd) {
      throw new AssertionError(odd);
    }
  }

  private static void assertRefused(
      Predicate<Seen> what, Answer answer, Reason reason, String... words) throws Exception {
    try (ScriptedServer harbor =
            new ScriptedServer(
                new Relay(request -> what.test(request) ? Optional.of(answer) : Optional.empty()));
        ImagePusher pusher = new ImagePusher(TestRegistry.settings(harbor.address()))) {
      ImageReference image =
          ImageReference.parse(
              "%s/harbor/api-%d:1.4.0".formatted(harbor.address(), REPOSITORIES.getAndIncrement()));

      assertThatThrownBy(() -> pusher.tag(image, push(pusher, image)))
          .isInstanceOfSatisfying(
              RejectedException.class, refused -> assertThat(refused.reason()).isEqualTo(reason))
          .hasMessageContainingAll(words);
    }
  }

  private static String push(ImagePusher pusher, ImageReference image) throws Exception {
    KanikoTar tar = new KanikoTar().layer(700, 1000);
    return pusher.push(SampleTars.of(tar), image, List.of(), PushProgress.NONE).digest();
  }

  private static Answer error(int status, String code, String message) {
    return Answer.of(status)
        .with("Content-Type", "application/json")
        .saying("{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message));
  }
}
