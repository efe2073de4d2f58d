package io.tarkiln.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested.RequestedService;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Tag("server")
class ChangeOptionsTest {
  @TempDir private Path folder;
  private GitRepository repository;
  private String before;

  @Command
  private static final class Holder {
    @Mixin private ChangeOptions options;
  }

  @BeforeEach
  void make_a_repository() throws Exception {
    repository =
        GitRepository.in(folder)
            .file("api/main.c", "1")
            .file("api/Dockerfile", "FROM scratch\n")
            .file("api-docs/index.md", "1")
            .file("docker/web.Dockerfile", "FROM scratch\n")
            .file("web/index.html", "1")
            .file("tarkiln.yaml", "");
    before = repository.commit();
  }

  /** Of each service, the tag that it is taken from; empty where it is built. */
  private List<String> tags(String... options) throws CliException {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(options);
    List<RequestedService> services =
        List.of(service("api", "api", null), service("web", "./web", "docker/web.Dockerfile"));
    return holder
        .options
        .applied(services, folder, "HEAD", Optional.of(folder.resolve("tarkiln.yaml")))
        .stream()
        .map(service -> service.retagFrom().orElse(""))
        .toList();
  }

  private static RequestedService service(String name, String context, String dockerfile) {
    return new RequestedService(
        name, context, dockerfile, Map.of(), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "api/main.c,'',1",
    "api/new file ü,'',1",
    "api-docs/index.md,1,1",
    "web/index.html,1,''",
    "docker/web.Dockerfile,1,''",
    "docker/web.Dockerfile.dockerignore,1,1",
    "tarkiln.yaml,'',''"
  })
  void build_what_a_changed_file_concerns(String path, String api, String web) throws Exception {
    repository.file(path, "another").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly(api, web);
  }

  /** What is ignored is in no image. */
  @ParameterizedTest
  @CsvSource({
    "api/main.c,'',1",
    "api/README.md,1,1",
    "api/docs/new.md,1,1",
    "api/other/new.md,'',1",
    "api/Dockerfile,'',1",
    "web/notes.txt,1,1",
    "web/notes.md,1,''",
  })
  void build_nothing_for_ignored_files(String path, String api, String web) throws Exception {
    repository.file("api/.dockerignore", "**/*.md\nDockerfile\n").file("api/docs/a.md", "1");
    repository.file("web/.dockerignore", "*.md\n");
    before = repository.file("docker/web.Dockerfile.dockerignore", "*.txt\n").commit();

    repository.file(path, "another").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly(api, web);
  }

  @ParameterizedTest
  @CsvSource({
    "*.md,1",
    "*.md;!README.md,1",
    "*.c,''",
    "[,''",
  })
  void build_what_ignores_other_files(String ignored, String api) throws Exception {
    before = repository.file("api/.dockerignore", ".dockerignore\n").commit();

    repository.file("api/.dockerignore", ".dockerignore\n" + ignored.replace(';', '\n')).commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly(api, "1");
  }

  @Test
  void build_what_a_link_to_the_context_concerns() throws Exception {
    repository.git("mv", "api", "real");
    before = repository.link("api", "real").commit();
    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("1", "1");

    repository.file("real/main.c", "another").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("", "1");
  }

  @ParameterizedTest
  @CsvSource({
    "api/Dockerfile,../docker/api.Dockerfile,docker/api.Dockerfile",
    "api/Dockerfile,../docker/link,docker/api.Dockerfile",
    "api/Dockerfile,../folder/api.Dockerfile,docker/api.Dockerfile",
    "api/Dockerfile,/docker/api.Dockerfile,docker/api.Dockerfile",
    "api/Dockerfile,/folder/../docker/link,docker/api.Dockerfile",
    "api/Dockerfile,up/../docker/api.Dockerfile,docker/api.Dockerfile",
  })
  void build_what_a_link_to_the_dockerfile_concerns(String link, String target, String changed)
      throws Exception {
    repository.git("rm", "--quiet", link);
    before =
        repository
            .file("docker/api.Dockerfile", "FROM scratch\n")
            .link("docker/link", "api.Dockerfile")
            .link("folder", "docker")
            .link("api/up", "../web")
            .link(link, target)
            .commit();
    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("1", "1");

    repository.file(changed, "FROM other\n").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("", "1");
  }

  @ParameterizedTest
  @CsvSource({
    ".gitattributes,'',''",
    "api/.gitattributes,'',1",
    "docker/.gitattributes,1,1",
  })
  void build_what_attributes_above_it_concern(String path, String api, String web)
      throws Exception {
    repository.file(path, "*.bin filter=lfs\n").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly(api, web);
  }

  @Test
  void build_what_attributes_above_the_folder_behind_a_link_concern() throws Exception {
    repository.file("deep/other", "");
    repository.git("mv", "api", "deep/real");
    before = repository.link("api", "deep/real").commit();

    repository.file("deep/.gitattributes", "*.bin filter=lfs\n").commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("", "1");
  }

  @Test
  void a_file_that_moves_concerns_both_places() throws Exception {
    repository.git("mv", "api/main.c", "web/main.c");
    repository.commit();

    assertThat(tags("--changed-since", before, "--retag-from", "1")).containsExactly("", "");
  }

  @Test
  void take_the_tag_of_the_same_name() throws Exception {
    repository.git("tag", "1.3.9");

    assertThat(tags("--changed-since", "1.3.9")).containsExactly("1.3.9", "1.3.9");
  }

  @Test
  void build_everything_when_nothing_is_given() throws Exception {
    assertThat(tags()).containsExactly("", "");
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere,1,there is no commit 'nowhere'",
    "--output=x,1,there is no commit '--output=x'",
    "HEAD,a:b,a:b",
    "'',1,--changed-since"
  })
  void refuse_what_makes_no_sense(String since, String tag, String named) {
    assertThatThrownBy(() -> tags("--changed-since=" + since, "--retag-from=" + tag))
        .isInstanceOfSatisfying(CliException.class, wrong -> assertThat(wrong.exit()).isEqualTo(2))
        .hasMessageContaining(named);
  }
}
