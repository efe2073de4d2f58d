package io.tarkiln.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.image.ImageReference;
import io.tarkiln.imagepush.ImagePusher;
import io.tarkiln.imagepush.PushProgress;
import io.tarkiln.imagepush.PushResult;
import io.tarkiln.push.SampleTars;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TestRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real registry that asks for tokens, as Harbor's does. */
@Tag("server")
class TokenAuthTest {
  /** Harbor's form for the robot account of a project. */
  private static final Credentials ROBOT =
      new Credentials("robot$shop+pusher", "a-good-secret", "");

  @TempDir static Path registryFolder;
  private static TokenService tokens;
  private static RegistryServer registry;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    tokens =
        new TokenService(
            ROBOT, (repository, action) -> repository.startsWith("shop/") || action.equals("pull"));
    registry =
        RegistryServer.start(
            registryFolder,
            "127.0.0.1",
            RegistryServer.Options.with(tokens.variables(registryFolder)));
  }

  @AfterAll
  static void stop() {
    registry.close();
    tokens.close();
  }

  @Test
  void a_push_with_mounts_takes_one_token() throws Exception {
    try (ImagePusher pusher = new ImagePusher(account(ROBOT.password()))) {
      push(pusher, new KanikoTar().layer(1, 100_000), "shop/base", List.of());
      int before = tokens.seen().size();

      PushResult pushed =
          push(
              pusher,
              new KanikoTar().layer(1, 100_000).layer(2, 100),
              "shop/api",
              List.of("shop/base"));

      assertThat(pushed.blobsMounted()).isEqualTo(1);
      assertThat(tokens.seen()).hasSize(before + 1);
      assertThat(TokenService.scopes(tokens.seen().get(before)))
          .containsExactly("repository:shop/api:pull,push", "repository:shop/base:pull");
      assertThat(TokenService.values(tokens.seen().get(before), "account"))
          .containsExactly("robot$shop+pusher");
    }
  }

  @Test
  void a_right_that_is_missing_is_named() throws Exception {
    try (ImagePusher pusher = new ImagePusher(account(ROBOT.password()))) {
      assertThatThrownBy(() -> push(pusher, new KanikoTar().layer(3, 100), "other/api", List.of()))
          .isInstanceOfSatisfying(
              RejectedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.REGISTRY_DENIED))
          .hasMessageContaining("does not let this account push to other/api")
          .hasMessageContaining("create the project 'other' first");
    }
  }

  @Test
  void a_wrong_password_is_said_to_be_one() throws Exception {
    try (ImagePusher pusher = new ImagePusher(account("a-wrong-secret"))) {
      assertThatThrownBy(() -> push(pusher, new KanikoTar().layer(4, 100), "shop/api", List.of()))
          .isInstanceOfSatisfying(
              RejectedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.AUTHENTICATION_REFUSED))
          .hasMessageContaining("'robot$shop+pusher'")
          .hasMessageNotContaining("a-wrong-secret");
    }
  }

  @Test
  void whoever_has_no_account_asks_for_a_token_without() throws Exception {
    try (ImagePusher pusher = new ImagePusher(TestRegistry.settings(registry.address()))) {
      int before = tokens.seen().size();

      push(pusher, new KanikoTar().layer(5, 100), "shop/anonymous", List.of());

      assertThat(tokens.seen().get(before).header("Authorization")).isEmpty();
    }
  }

  private RegistrySettings account(String password) throws Exception {
    return TestRegistry.settings(registry.address(), folder, ROBOT.user(), password);
  }

  private static PushResult push(
      ImagePusher pusher, KanikoTar tar, String repository, List<String> mountFrom)
      throws Exception {
    return pusher.push(
        SampleTars.of(tar),
        ImageReference.parse(registry.address() + "/" + repository),
        mountFrom,
        PushProgress.NONE);
  }
}
