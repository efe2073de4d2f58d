package io.tarkiln.checkout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ContextEntry;
import io.tarkiln.store.ContextListing;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a context is without what is ignored, and the list of its files. */
@Tag("server")
class IgnoredFilesTest {
  private static final ObjectStore store = TestS3.newStore();

  @TempDir Path folder;
  private GitRepository repository;
  private CheckoutStep checkout;

  @BeforeEach
  void make() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop"))
            .file("api/Dockerfile", "FROM alpine\n")
            .file("api/main.c", "int main;\n")
            .file("api/out/a", "a\n")
            .file("api/out/keep/b", "b\n")
            .link("api/leak", "/etc/passwd")
            .file("web/Dockerfile", "FROM busybox\n")
            .committed();
    checkout = new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE);
  }

  @AfterEach
  void close() {
    checkout.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', api/Dockerfile api/leak api/main.c api/out/ api/out/a api/out/keep/ api/out/keep/b",
    "out, api/Dockerfile api/leak api/main.c",
    "out;!out/keep, api/Dockerfile api/leak api/main.c api/out/ api/out/keep/ api/out/keep/b",
    "out/*, api/Dockerfile api/leak api/main.c api/out/",
    "leak;Dockerfile;out, api/main.c",
    "*;!main.c, api/main.c",
    "*, ''",
  })
  void are_not_in_the_archive(String ignored, String left) throws Exception {
    repository.file("api/.dockerignore", ignored.replace(';', '\n') + "\n.dockerignore\n").commit();

    Set<String> entries = archive(run("api=api")).keySet();

    assertThat(String.join(" ", entries))
        .isEqualTo(("source/ source/api/ " + left).strip().replace(" api/", " source/api/"));
  }

  @Test
  void are_those_of_the_dockerfile_s_own_file_where_there_is_one() throws Exception {
    repository.file(".dockerignore", "api\n").file("web/Dockerfile.dockerignore", "**/out\n");
    repository.commit();

    assertThat(archive(run("web=.:web/Dockerfile")))
        .containsKeys("source/api/main.c", "source/.dockerignore")
        .doesNotContainKey("source/api/out/a");
    assertThat(archive(run("api=.:api/Dockerfile"))).doesNotContainKey("source/api/main.c");
  }

  @Test
  void are_none_where_the_dockerfile_s_own_file_is_empty() throws Exception {
    repository.file(".dockerignore", "api\n").file("web/Dockerfile.dockerignore", "").commit();

    assertThat(archive(run("web=.:web/Dockerfile"))).containsKey("source/api/main.c");
  }

  @Test
  void may_be_named_by_a_link_in_the_context_only() throws Exception {
    repository.file("docker/common", "main.c\n").link("api/.dockerignore", "../docker/common");
    repository.link(".dockerignore", "docker/all").file("docker/all", "**/*.c\n").commit();

    assertThat(archive(run("api=api"))).containsKey("source/api/main.c");
    assertThat(archive(run("api=.:api/Dockerfile"))).doesNotContainKey("source/api/main.c");
  }

  @Test
  void may_have_the_dockerfile_that_is_built() throws Exception {
    repository.file("api/.dockerignore", "*\n").commit();

    Event<BuildRequested> event = CheckoutRequests.of(repository.url(), "main", "api=api");
    checkout.run(event);

    assertThat(store.read(ObjectKeys.dockerfile(event.build(), "api")))
        .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("FROM alpine\n"));
  }

  @ParameterizedTest
  @CsvSource({"[a, line 2: '[a'", "\\8*, line 2: '\\8*'", "!, line 2: '!'"})
  void end_the_build_where_a_pattern_is_bad(String pattern, String named) throws Exception {
    repository.file("api/.dockerignore", "good\n" + pattern + "\n").commit();

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> run("api=api"));

    assertThat(refused.reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(refused).hasMessageContaining("dockerignore").hasMessageContaining(named);
  }

  @Test
  void change_no_key() throws Exception {
    repository.file("api/.dockerignore", "out\nDockerfile\n").commit();
    String before = run("api=api").input().sourceKey();

    repository
        .file("api/out/a", "b\n")
        .file("api/out/new/c", "")
        .file("api/Dockerfile", "FROM b\n");
    repository.commit();

    assertThat(run("api=api").input().sourceKey()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"linked, api", "deep/l/out, api/out"})
  void are_those_of_the_folder_to_which_a_context_leads(String context, String real)
      throws Exception {
    repository.link("linked", "deep/l").link("deep/l", "../api").commit();

    SourceCheckedOut checkedOut = run("api=" + context + ":linked/Dockerfile");

    assertThat(checkedOut.input().context()).isEqualTo(real);
    assertThat(checkedOut.input().dockerfile()).isEqualTo("linked/Dockerfile");
    assertThat(checkedOut.input().sourceKey())
        .isEqualTo(run("api=" + real + ":api/Dockerfile").input().sourceKey());
  }

  @Test
  void are_not_in_the_list_that_has_all_others() throws Exception {
    repository.file("api/.dockerignore", "**/b\n!out/keep\nmain.c\nout/keep/*\n").commit();

    List<ContextEntry> files = files(run("api=api"));

    assertThat(files)
        .extracting(file -> "%o %s %s".formatted(file.mode(), file.path(), file.target()).strip())
        .containsExactly(
            "100644 api/.dockerignore",
            "100644 api/Dockerfile",
            "120000 api/leak /etc/passwd",
            "100644 api/out/a",
            "40000 api/out/keep");
    assertThat(files.get(1).objectId())
        .isEqualTo(repository.git("rev-parse", "HEAD:api/Dockerfile"));
  }

  @Test
  void leave_names_that_are_bytes() throws Exception {
    String blob = repository.git("rev-parse", "HEAD:api/main.c");
    List<String> names =
        List.of("api/caf\u00e9.txt", "api/caf\u00ea.txt", "api/new\nline", "api/x\\y");
    String index =
        names.stream()
            .map(name -> "100644 " + blob + "\t" + name + "\0")
            .collect(Collectors.joining());
    repository.git(index.getBytes(ISO_8859_1), "update-index", "-z", "--index-info");
    repository.git("commit", "--quiet", "--message", "names");
    SourceCheckedOut checkedOut = run("api=api");

    assertThat(archive(checkedOut))
        .containsKeys("source/" + names.get(0), "source/" + names.get(1));
    assertThat(files(checkedOut)).extracting(ContextEntry::path).containsAll(names);
    Path archive = folder.resolve("a.tar.gz");
    Files.write(archive, store.read(checkedOut.input().sourceKey()).orElseThrow());
    Process tar =
        new ProcessBuilder("tar", "--list", "--quoting-style=literal", "--file", archive.toString())
            .start();
    assertThat(new String(tar.getInputStream().readAllBytes(), ISO_8859_1))
        .contains("source/" + names.get(0) + "\n", "source/" + names.get(1) + "\n", names.get(2));
  }

  @Test
  void are_listed_beside_archives_of_earlier_versions_too() throws Exception {
    SourceCheckedOut checkedOut = run("api=api");
    String key = checkedOut.input().sourceKey();
    store.write(key, "as it was".getBytes(UTF_8));
    store.delete(ObjectKeys.sourceFiles(key));

    assertThat(files(run("api=api"))).isNotEmpty();
    assertThat(store.read(key)).hasValue("as it was".getBytes(UTF_8));
  }

  @Test
  void are_not_fetched() throws Exception {
    repository.file("api/.dockerignore", "out\n").commit();
    repository.git("config", "uploadpack.allowFilter", "true");
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true");

    run("api=api");

    assertThat(objects())
        .contains(id("api/main.c"), id("api/leak"))
        .doesNotContain(id("api/out/a"));
  }

  private String id(String path) throws Exception {
    return repository.git("rev-parse", "HEAD:" + path);
  }

  /** All that the cache has. */
  private List<String> objects() throws Exception {
    try (var places = Files.walk(folder.resolve("cache"))) {
      Path cached = places.filter(each -> each.endsWith("objects")).findFirst().orElseThrow();
      return repository
          .git(
              "--git-dir",
              cached.getParent().toString(),
              "cat-file",
              "--batch-all-objects",
              "--batch-check=%(objectname)")
          .lines()
          .toList();
    }
  }

  private SourceCheckedOut run(String service) throws Exception {
    return (SourceCheckedOut)
        checkout.run(CheckoutRequests.of(repository.url(), "main", service)).events().get(0).data();
  }

  private static Map<String, String> archive(SourceCheckedOut checkedOut) throws Exception {
    return ArchiveReader.entries(store.read(checkedOut.input().sourceKey()).orElseThrow());
  }

  private static List<ContextEntry> files(SourceCheckedOut checkedOut) throws Exception {
    byte[] list = store.read(ObjectKeys.sourceFiles(checkedOut.input().sourceKey())).orElseThrow();
    return ContextListing.read(new ByteArrayInputStream(list));
  }
}
