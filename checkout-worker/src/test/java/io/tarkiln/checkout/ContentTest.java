package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.RunInput;
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
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kaniko sees is what the real git checks out, submodules and LFS included. */
@Tag("server")
class ContentTest {
  private static final ObjectStore store = TestS3.newStore();

  @TempDir Path folder;
  private GitHttpServer server;
  private LfsHandler lfs;
  private GitRepository shop;
  private GitRepository lib;
  private CheckoutStep checkout;

  @BeforeEach
  void make() throws Exception {
    server =
        GitHttpServer.secure(
            folder.resolve("repositories"), "builder", "s3cret", folder.resolve("authority.pem"));
    lfs = new LfsHandler(server.url("lfs"));
    server.also("/lfs", lfs);
    server.also("/shop/.git/info/lfs", lfs);
    lib =
        GitRepository.in(folder.resolve("repositories/lib"))
            .file("lib.c", "int lib;\n")
            .committed();
    shop =
        GitRepository.in(folder.resolve("repositories/shop"))
            .file("Dockerfile", "FROM alpine\n")
            .file("api/Dockerfile", "FROM alpine\n")
            .file("api/Main.java", "class Main {}\n")
            .committed();
    Path credentials = folder.resolve("credentials");
    Files.writeString(
        credentials, server.url("").replace("https://", "https://builder:s3cret@") + "\n");
    checkout =
        new CheckoutStep(
            CheckoutRequests.settings(
                folder, Optional.of(credentials), Optional.of(folder.resolve("authority.pem"))),
            store,
            Policies.NONE);
  }

  @AfterEach
  void close() {
    checkout.close();
    server.close();
  }

  private void addModule(GitRepository to, String path, String url, GitRepository module)
      throws Exception {
    to.file(
        ".gitmodules",
        (Files.exists(to.folder().resolve(".gitmodules"))
                ? Files.readString(to.folder().resolve(".gitmodules"))
                : "")
            + "[submodule \"%s\"]\n\tpath = %s\n\turl = %s\n".formatted(path, path, url));
    to.git("add", ".gitmodules");
    to.git(
        "update-index",
        "--add",
        "--cacheinfo",
        "160000," + module.git("rev-parse", "HEAD") + "," + path);
    to.git("commit", "--quiet", "--message", "submodule");
  }

  @Test
  void has_submodules_in_submodules_by_relative_addresses() throws Exception {
    GitRepository deep = GitRepository.in(folder.resolve("repositories/deep"));
    deep.file("deep.c", "int deep;\n").commit();
    addModule(lib, "deep", "../../deep/.git", deep);
    addModule(shop, "api/lib", "../../lib/.git", lib);

    RunInput input = build("api=api");

    assertThat(archive(input).keySet())
        .contains("source/api/lib/lib.c", "source/api/lib/deep/deep.c")
        .doesNotContain("source/Dockerfile");
  }

  @Test
  void is_what_git_clones_recursively() throws Exception {
    byte[] noise = new byte[70_000];
    new Random(1).nextBytes(noise);
    Files.write(shop.folder().resolve("noise.bin"), noise);
    shop.file("a/deep/x.txt", "x\n")
        .file("a.b", "\n")
        .link("a/up", "../a.b")
        .file("run.sh", "#!\n");
    assertThat(shop.folder().resolve("run.sh").toFile().setExecutable(true)).isTrue();
    shop.file("README", "1\n").file("readme", "2\n");
    shop.commit();
    addModule(shop, "vendor/lib", "../../lib/.git", lib);
    Path clone = folder.resolve("clone");
    shop.git(
        "-c",
        "http.sslVerify=false",
        "-c",
        "credential.helper=!f() { echo username=builder; echo password=s3cret; }; f",
        "clone",
        "--quiet",
        "--recurse-submodules",
        server.url("shop/.git"),
        clone.toString());

    assertThat(archive(build("app=."))).isEqualTo(onDisk(clone));
  }

  @Test
  void is_keyed_by_the_tree_that_has_the_submodule_s_files() throws Exception {
    addModule(shop, "api/lib", "../../lib/.git", lib);

    String key = build("api=api").sourceKey();

    GitRepository flat = GitRepository.in(folder.resolve("flat"));
    flat.file("api/Dockerfile", "FROM alpine\n")
        .file("api/Main.java", "class Main {}\n")
        .file("api/lib/lib.c", "int lib;\n")
        .commit();
    assertThat(key)
        .isEqualTo("sources/shop/%s.tar.gz".formatted(flat.git("rev-parse", "HEAD^{tree}")));
  }

  @Test
  void fetches_no_submodule_that_is_not_needed() throws Exception {
    addModule(shop, "vendor/gone", "https://127.0.0.1:1/gone.git", lib);

    assertThat(archive(build("api=api"))).containsKey("source/api/Main.java");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-u./payload",
        "file:///etc",
        "/etc",
        "ext::sh -c id",
        "ssh://-oProxyCommand=id/x"
      })
  void follows_no_malicious_address_of_a_submodule(String url) throws Exception {
    addModule(shop, "lib", url, lib);

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> build("app=."));

    assertThat(refused.reason()).isIn(Reason.NOT_ALLOWED, Reason.BAD_REQUEST);
    assertThat(refused).hasMessageContaining("submodule lib");
  }

  @Test
  void says_which_commit_of_a_submodule_was_never_pushed() throws Exception {
    addModule(shop, "lib", "../../lib/.git", shop);

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> build("app=."));

    assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REVISION);
    assertThat(refused).hasMessageContaining("submodule lib").hasMessageContaining("push it");
  }

  @Test
  void has_the_content_of_files_in_lfs_and_fetches_each_once() throws Exception {
    addLfs();

    RunInput input = build("app=.");

    assertThat(archive(input))
        .containsEntry("source/model.bin", "file false " + "weights".repeat(1000))
        .containsEntry("source/api/other.bin", "file false other");
    assertThat(lfs.downloads).hasValue(2);
    shop.file("api/Main.java", "class Other {}\n").commit();
    assertThat(build("app=.").sourceKey()).isNotEqualTo(input.sourceKey());
    assertThat(lfs.downloads).hasValue(2);
  }

  @Test
  void has_lfs_where_the_attributes_lie_above_the_context() throws Exception {
    addLfs();

    assertThat(archive(build("api=api"))).containsEntry("source/api/other.bin", "file false other");
    assertThat(lfs.downloads).hasValue(1);
  }

  @Test
  void keeps_pointers_under_another_key_where_lfs_is_off() throws Exception {
    addLfs();
    String on = build("api=api").sourceKey();

    try (CheckoutStep off = new CheckoutStep(withoutLfs(), store, Policies.NONE)) {
      RunInput input = input(off, shop.url(), "api=api");
      assertThat(input.sourceKey()).isNotEqualTo(on);
      assertThat(archive(input).get("source/api/other.bin")).contains("git-lfs.github.com");
    }
  }

  @Test
  void says_which_file_the_lfs_server_lacks() throws Exception {
    addLfs();
    lfs.objects.clear();

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> build("app=."));

    assertThat(refused).hasMessageContaining("LFS").hasMessageContaining("no such object");
  }

  @Test
  void takes_no_other_bytes_from_the_lfs_server() throws Exception {
    addLfs();
    lfs.objects.replaceAll((oid, content) -> new byte[content.length]);

    assertThat(
            catchThrowableOfType(io.tarkiln.build.UnavailableException.class, () -> build("app=.")))
        .hasMessageContaining("content is another");
  }

  private GitSettings withoutLfs() {
    GitSettings on = CheckoutRequests.settings(folder.resolve("without-lfs"));
    return new GitSettings(
        on.cache(),
        on.cacheBytes(),
        on.reach(),
        on.secrets(),
        on.limits(),
        true,
        false,
        on.sourceLifetime());
  }

  /** Has the real git-lfs make two files and push them. */
  private void addLfs() throws Exception {
    shop.git("lfs", "install", "--local");
    shop.git("lfs", "track", "*.bin");
    shop.file("model.bin", "weights".repeat(1000))
        .file("api/other.bin", "other")
        .file("api/nonce", java.util.UUID.randomUUID().toString())
        .commit();
    shop.git("config", "http.sslVerify", "false");
    shop.git(
        "config", "credential.helper", "!f() { echo username=builder; echo password=s3cret; }; f");
    shop.git("config", "lfs.url", server.url("shop/.git/info/lfs"));
    shop.git("config", "lfs.locksverify", "false");
    shop.git("lfs", "push", "--all", server.url("shop/.git"));
    assertThat(lfs.objects).hasSize(2);
  }

  private RunInput build(String service) throws Exception {
    return input(checkout, server.url("shop/.git"), service);
  }

  private static RunInput input(CheckoutStep by, String url, String service) throws Exception {
    return ((SourceCheckedOut)
            by.run(CheckoutRequests.of(url, "main", service)).events().get(0).data())
        .input();
  }

  private static Map<String, String> archive(RunInput input) throws Exception {
    try (InputStream object = store.open(input.sourceKey()).orElseThrow()) {
      return ArchiveReader.entries(object.readAllBytes());
    }
  }

  /** The files of a clone in the same words. */
  private static Map<String, String> onDisk(Path clone) throws Exception {
    Map<String, String> entries = new TreeMap<>();
    try (Stream<Path> files = Files.walk(clone)) {
      for (Path file : files.toList()) {
        String name = clone.relativize(file).toString();
        String raw = new String(("source/" + name).getBytes(UTF_8), ISO_8859_1);
        if ((name + "/").matches("(.*/)?\\.git/.*")) {
          continue;
        }
        if (Files.isSymbolicLink(file)) {
          entries.put(raw, "link " + Files.readSymbolicLink(file));
        } else if (Files.isDirectory(file)) {
          entries.put(name.isEmpty() ? "source/" : raw + "/", "folder");
        } else {
          entries.put(
              raw,
              "file %s %s"
                  .formatted(
                      Files.isExecutable(file), new String(Files.readAllBytes(file), ISO_8859_1)));
        }
      }
    }
    return entries;
  }
}
