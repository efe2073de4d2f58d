package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ids must be those that git itself gives to the same files. */
class PrunedTreeTest {
  @TempDir Path folder;
  private GitRepository repository;

  @BeforeEach
  void files() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop"))
            .file("services/api/Dockerfile", "FROM alpine\n")
            .file("services/api/src/main.txt", "main\n")
            .file("services/api-2/x.txt", "x\n")
            .file("docker/api.Dockerfile", "FROM busybox\n")
            .file("docker/api.Dockerfile.dockerignore", "src\n")
            .file("other.txt", "other\n");
    repository.commit();
  }

  @Test
  void is_the_commit_s_own_tree_where_the_whole_repository_is_the_context() throws Exception {
    assertThat(id(".", "docker/api.Dockerfile"))
        .isEqualTo(repository.git("rev-parse", "HEAD^{tree}"));
  }

  @Test
  void is_the_tree_that_has_only_the_context() throws Exception {
    assertThat(id("services/api", "services/api/Dockerfile"))
        .isEqualTo(gitId("services/api/Dockerfile", "services/api/src/main.txt"));
  }

  @Test
  void has_a_dockerfile_outside_and_its_ignore_file() throws Exception {
    assertThat(id("services/api", "docker/api.Dockerfile"))
        .isEqualTo(
            gitId(
                "services/api/Dockerfile",
                "services/api/src/main.txt",
                "docker/api.Dockerfile",
                "docker/api.Dockerfile.dockerignore"));
  }

  @Test
  void stays_the_same_while_only_other_files_change() throws Exception {
    String before = id("services/api", "services/api/Dockerfile");

    repository.file("other.txt", "changed\n").commit();
    assertThat(id("services/api", "services/api/Dockerfile")).isEqualTo(before);

    repository.file("services/api/src/main.txt", "changed\n").commit();
    assertThat(id("services/api", "services/api/Dockerfile")).isNotEqualTo(before);
  }

  private String id(String context, String dockerfile) throws Exception {
    return HeadTree.use(repository, tree -> PrunedTree.of(tree, context, dockerfile).id().name());
  }

  /** What git calls a tree of these files alone. */
  private String gitId(String... paths) throws Exception {
    GitRepository pruned = GitRepository.in(Files.createTempDirectory(folder, "pruned"));
    for (String path : paths) {
      pruned.file(path, Files.readString(repository.folder().resolve(path)));
    }
    pruned.commit();
    return pruned.git("rev-parse", "HEAD^{tree}");
  }
}
