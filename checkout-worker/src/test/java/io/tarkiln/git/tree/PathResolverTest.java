package io.tarkiln.git.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class PathResolverTest {
  @TempDir Path folder;
  private GitRepository repository;

  @BeforeEach
  void make() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop"))
            .file("a/b/c/file", "")
            .link("here", "a")
            .link("a/up", "..")
            .link("a/b/deep", "../up/here/b/./c/")
            .link("root", "a/..")
            .link("through", "a/b/deep/../../up/here")
            .link("gone", "a/none")
            .link("loop", "loop")
            .link("out", "..")
            .link("a/absolute", "/a/b")
            .link("a/far", "up/../x")
            .link("ü", "a/b")
            .committed();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b",
    "here/b, a/b",
    "a/up/a, a",
    "a/b/deep, a/b/c",
    "a/b/deep/file, a/b/c/file",
    "root/a, a",
    "root, ''",
    "., ''",
    "through/b, a/b",
    "ü/c, a/b/c",
  })
  void follows_links_in_the_repository(String path, String end) throws Exception {
    assertThat(resolve(path).path()).isEqualTo(end);
    assertThat(resolve(path).found()).isPresent();
    assertThat(resolve(path).isOutside()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"out", "out/shop", "a/absolute", "a/absolute/c", "a/far", "here/far", "out/../a"})
  void knows_what_leads_out(String path) throws Exception {
    assertThat(resolve(path).isOutside()).isTrue();
    assertThat(resolve(path).found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "loop", "loop/x", "a/x", "a/b/c/file/x", "gone/../a"})
  void finds_nothing_where_nothing_is(String path) throws Exception {
    assertThat(resolve(path).found()).isEmpty();
    assertThat(resolve(path).isOutside()).isFalse();
  }

  @Test
  void ends_where_a_submodule_begins() throws Exception {
    String commit = repository.git("rev-parse", "HEAD");
    repository.link("lib", "vendor/lib/src").commit();
    repository.git("update-index", "--add", "--cacheinfo", "160000," + commit + ",vendor/lib");
    repository.git("commit", "--quiet", "--message", "submodule");

    assertThat(resolve("lib/x").path()).isEqualTo("vendor/lib/src/x");
    assertThat(resolve("lib/x").found().orElseThrow().isModule()).isTrue();
  }

  private PathResolver.Resolved resolve(String path) throws Exception {
    return HeadTree.use(repository, tree -> PathResolver.resolve(tree, CommitTree.raw(path)));
  }
}
