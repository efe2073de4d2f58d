package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Submodules as {@code .gitmodules} may write them. */
@Tag("server")
class SubmoduleFilesTest {
  private static final ObjectStore store = TestS3.newStore();
  @TempDir Path folder;
  private GitHttpServer server;
  private GitRepository shop;
  private GitRepository lib;

  @BeforeEach
  void make() throws Exception {
    server = GitHttpServer.plain(folder.resolve("repositories"));
    lib = GitRepository.in(folder.resolve("repositories/lib")).file("lib.c", "int lib;\n");
    lib.commit();
    shop = GitRepository.in(folder.resolve("repositories/shop"));
    shop.file("Dockerfile", "FROM alpine\n").file("nonce", folder.toString()).commit();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void commit(String modules, String... paths) throws Exception {
    shop.file(".gitmodules", modules).git("add", "--all");
    for (String path : paths) {
      shop.git(
          "update-index",
          "--add",
          "--cacheinfo",
          "160000," + lib.git("rev-parse", "HEAD") + "," + path);
    }
    shop.git("commit", "--quiet", "--message", "modules");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeff[submodule \"l\"]\n\tpath = lib\n\turl = ../../lib/.git\n",
        "[submodule \"l\"] path = lib\nurl = ../../lib/.git\n",
        "[submodule.l]\npath = lib\nurl = ../../lib/.git\n",
        "[submodule \"l\"]\npath = lib\nurl = HTTP://me@HOST/lib/.git\n",
        "[submodule \"o\"]\n"
            + "path = ../old\n"
            + "url = x\n"
            + "[submodule \"l\"]\n"
            + "path = lib\n"
            + "url = ../../lib/.git\n",
        "[submodule \"o\"]\n"
            + "path = nonce/old\n"
            + "url = x\n"
            + "[submodule \"l\"]\n"
            + "path = lib\n"
            + "url = ../../lib/.git\n",
        "[submodule \"o\"]\n"
            + "path = lib/x\n"
            + "url = x\n"
            + "[submodule \"l\"]\n"
            + "path = lib\n"
            + "url = ../../lib/.git\n",
      })
  void are_fetched(String text) throws Exception {
    String base = server.url("").replaceFirst("^http://", "").replaceFirst("/$", "");
    commit(text.replace("HTTP", "http").replace("HOST", base), "lib");

    assertThat(built()).containsEntry("source/lib/lib.c", "file false int lib;\n");
  }

  @Test
  void are_empty_folders_where_their_update_is_none() throws Exception {
    commit("[submodule \"l\"]\npath = lib\nurl = https://127.0.0.1:1/gone\nupdate = none\n", "lib");

    assertThat(built())
        .containsEntry("source/lib/", "folder")
        .doesNotContainKey("source/lib/lib.c");
  }

  @Test
  void have_names_of_bytes() throws Exception {
    commit("[submodule \"ü\"]\npath = \"ü b\"\nurl = ../../lib/.git\n", "ü b");

    assertThat(built()).containsKey("source/\u00c3\u00bc b/lib.c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://other.example/lib.git",
        "ssh://git@other.example/lib",
        "file:///etc",
        "/etc"
      })
  void lead_to_no_host_that_is_refused(String url) throws Exception {
    commit("[submodule \"l\"]\npath = lib\nurl = %s\n".formatted(url), "lib");

    RejectedException refused = catchThrowableOfType(RejectedException.class, this::built);

    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused).hasMessageContaining("submodule lib");
  }

  @Test
  void are_bounded_together() throws Exception {
    byte[] noise = new byte[60_000];
    StringBuilder modules = new StringBuilder();
    for (String name : List.of("a", "b", "c")) {
      GitRepository each = GitRepository.in(folder.resolve("repositories/" + name));
      new Random(name.hashCode()).nextBytes(noise);
      Files.write(each.folder().resolve("noise"), noise);
      each.commit();
      modules.append(
          "[submodule.%s]\npath = %s\nurl = ../../%s/.git\n".formatted(name, name, name));
      shop.git(
          "update-index",
          "--add",
          "--cacheinfo",
          "160000," + each.git("rev-parse", "HEAD") + "," + name);
    }
    shop.file(".gitmodules", modules.toString()).git("add", ".gitmodules");
    shop.git("commit", "--quiet", "--message", "modules");
    assertThat(built(settings(200_000))).containsKeys("source/a/noise", "source/c/noise");
    shop.file("nonce", "another").git("commit", "--quiet", "--message", "more", "nonce");

    RejectedException refused =
        catchThrowableOfType(
            RejectedException.class, () -> built(another(settings(150_000), "another")));

    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_GIT_FETCH_BYTES");
  }

  private static GitSettings another(GitSettings settings, String cache) {
    return new GitSettings(
        settings.cache().resolveSibling(cache),
        settings.cacheBytes(),
        settings.reach(),
        settings.secrets(),
        settings.limits(),
        settings.submodules(),
        settings.lfs(),
        settings.sourceLifetime());
  }

  private Map<String, String> built() throws Exception {
    return built(settings(1 << 20));
  }

  private GitSettings settings(long fetchBytes) {
    GitSettings.Limits usual = CheckoutRequests.LIMITS;
    GitSettings settings =
        CheckoutRequests.with(
            CheckoutRequests.settings(folder),
            new GitSettings.Reach(Set.of("127.0.0.1"), Set.of("127.0.0.1"), true, true));
    return CheckoutRequests.with(
        settings,
        new GitSettings.Limits(
            usual.silence(),
            usual.fetchTime(),
            fetchBytes,
            usual.redirects(),
            usual.sourceBytes(),
            usual.sourceFiles(),
            usual.fileBytes()));
  }

  private Map<String, String> built(GitSettings settings) throws Exception {
    try (CheckoutStep checkout = new CheckoutStep(settings, store, Policies.NONE)) {
      String key =
          ((SourceCheckedOut)
                  checkout
                      .run(CheckoutRequests.of(server.url("shop/.git"), "main", "app=."))
                      .events()
                      .get(0)
                      .data())
              .input()
              .sourceKey();
      try (InputStream object = store.open(key).orElseThrow()) {
        return ArchiveReader.entries(object.readAllBytes());
      }
    }
  }
}
