package io.tarkiln.git.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ids must be those that git itself gives to the same files. */
@Tag("server")
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
            .file("other.txt", "other\n")
            .committed();
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
  void has_nothing_of_a_dockerfile_outside() throws Exception {
    repository.git("rm", "--quiet", "docker/api.Dockerfile.dockerignore");
    repository.commit();

    assertThat(id("services/api", "docker/api.Dockerfile"))
        .isEqualTo(id("services/api", "services/api/Dockerfile"));
  }

  @Test
  void has_nothing_that_is_ignored() throws Exception {
    repository.file("services/api/.dockerignore", "src\n!src/main.txt\n*.log\n");
    repository.file("services/api/src/x/y.txt", "y\n").file("services/api/a.log", "1\n").commit();

    assertThat(id("services/api", "services/api/Dockerfile"))
        .isEqualTo(
            gitId(
                "services/api/.dockerignore",
                "services/api/Dockerfile",
                "services/api/src/main.txt"));
  }

  @Test
  void has_nothing_that_the_dockerfile_s_own_file_ignores() throws Exception {
    repository.file("services/api/.dockerignore", "Dockerfile\n").commit();

    assertThat(id("services/api", "docker/api.Dockerfile"))
        .isEqualTo(gitId("services/api/.dockerignore", "services/api/Dockerfile"));
  }

  @Test
  void stays_the_same_while_only_ignored_files_change() throws Exception {
    repository.file("services/api/.dockerignore", "src\nDockerfile\n.dockerignore\n").commit();
    String before = id("services/api", "services/api/Dockerfile");

    repository.file("services/api/src/main.txt", "changed\n").file("services/api/src/n/n", "");
    repository.file("services/api/Dockerfile", "FROM busybox\n").commit();

    assertThat(id("services/api", "services/api/Dockerfile")).isEqualTo(before);
  }

  /** BuildKit's contexts have folders that were not ignored themselves; git's ids allow them. */
  @Test
  void has_folders_in_which_everything_is_ignored() throws Exception {
    repository.file(".dockerignore", "*\n!services\nservices/api*\n!services/api\n**/*.*\n");
    repository.commit();
    Path nothing = Files.createFile(folder.resolve("nothing"));
    String empty = repository.git("hash-object", "-t", "tree", "-w", nothing.toString());
    String file = repository.git("rev-parse", "HEAD:services/api/Dockerfile");
    String api = tree("100644 blob " + file + "\tDockerfile\n", "040000 tree " + empty + "\tsrc\n");
    String services = tree("040000 tree " + api + "\tapi\n");

    assertThat(id(".", "services/api/Dockerfile"))
        .isEqualTo(tree("040000 tree " + services + "\tservices\n"));
  }

  private String tree(String... lines) throws Exception {
    return repository.git(String.join("", lines).getBytes(UTF_8), "mktree");
  }

  @Test
  void may_be_empty() throws Exception {
    repository.file(".dockerignore", "*\n").commit();

    assertThat(id(".", "services/api/Dockerfile"))
        .isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
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
    return HeadTree.use(
        repository, tree -> PrunedTree.of(tree, context, dockerfile, 1000).id().name());
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
