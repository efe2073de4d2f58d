package io.tarkiln.checkout.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.checkout.ArchiveReader;
import io.tarkiln.checkout.CheckoutRequests;
import io.tarkiln.git.tree.HeadTree;
import io.tarkiln.git.tree.PrunedTree;
import io.tarkiln.testkit.GitRepository;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ContextArchiveTest {
  @TempDir Path folder;
  private GitRepository repository;

  @BeforeEach
  void make() throws Exception {
    repository = GitRepository.in(folder.resolve("shop")).file("Dockerfile", "FROM alpine\n");
  }

  @Test
  void has_what_git_archive_has() throws Exception {
    repository
        .file("run.sh", "#!/bin/sh\n")
        .file("a/deep/folder/file.txt", "text\n")
        .file("a.txt", "sorts around the folder a\n")
        .file("n".repeat(120) + "/" + "m".repeat(120), "long\n")
        .file("empty", "")
        .file("Case/Colliding.txt", "upper\n")
        .file("Case/colliding.txt", "lower\n")
        .file("case", "no folder\n")
        .file("ü/ß.txt", "no ASCII\n")
        .link("a/link", "../run.sh")
        .link("l".repeat(110), "a/deep/folder/../folder/" + "./".repeat(60) + "file.txt");
    assertThat(repository.folder().resolve("run.sh").toFile().setExecutable(true)).isTrue();
    repository.commit();
    repository.git("archive", "--prefix=source/", "--output=../git.tar", "HEAD");

    assertThat(ArchiveReader.entries(archive(".")))
        .isEqualTo(ArchiveReader.entries(gzipped(Files.readAllBytes(folder.resolve("git.tar")))));
  }

  @Test
  void is_the_same_bytes_each_time() throws Exception {
    repository.commit();
    byte[] first = archive(".");
    repository.git("commit", "--allow-empty", "--quiet", "--message", "later");

    assertThat(archive(".")).isEqualTo(first);
  }

  @Test
  void is_one_folder_and_never_names_the_current_one() throws Exception {
    repository.file("services/api/Dockerfile", "FROM alpine\n").commit();

    assertThat(ArchiveReader.entries(archive("services/api")).keySet())
        .contains("source/services/api/Dockerfile")
        .doesNotContain("source/Dockerfile")
        .allMatch(name -> name.startsWith("source/") && !name.contains("./"));
  }

  @Test
  void keeps_names_that_are_no_text() throws Exception {
    String name = "caf\u00e9";
    String blob = repository.git("hash-object", "-w", "Dockerfile");
    String index = "100644 " + blob + "\t" + name + "\n";
    repository.git(index.getBytes(ISO_8859_1), "update-index", "--index-info");
    repository.git("commit", "--quiet", "--message", "latin");

    assertThat(ArchiveReader.entries(archive("."))).containsKey("source/" + name);
  }

  /** A commit may have them, but git writes none. */
  @Test
  void has_no_empty_folders_as_git_archive_has_none() throws Exception {
    repository.file("folder/file.txt", "text\n").commit();
    Path nothing = Files.createFile(folder.resolve("nothing"));
    Path lines = folder.resolve("lines");
    String empty = repository.git("hash-object", "-t", "tree", "-w", nothing.toString());
    String blob = repository.git("rev-parse", "HEAD:Dockerfile");
    Files.writeString(
        lines, "100644 Dockerfile\0%s40000 empty\0%s".formatted(raw(blob), raw(empty)), ISO_8859_1);
    String tree = repository.git("hash-object", "-t", "tree", "-w", lines.toString());
    String commit = repository.git("commit-tree", "-m", "empty", tree);
    repository.git("update-ref", "refs/heads/main", commit);
    repository.git("archive", "--prefix=source/", "--output=../git.tar", "HEAD");

    assertThat(ArchiveReader.entries(archive(".")))
        .isEqualTo(ArchiveReader.entries(gzipped(Files.readAllBytes(folder.resolve("git.tar")))));
  }

  private static String raw(String id) {
    return new String(HexFormat.of().parseHex(id), ISO_8859_1);
  }

  @Test
  void has_an_empty_folder_for_a_submodule() throws Exception {
    String commit = repository.commit();
    repository.git("update-index", "--add", "--cacheinfo", "160000," + commit + ",vendor/lib");
    repository.git("commit", "--quiet", "--message", "submodule");

    assertThat(ArchiveReader.entries(archive("."))).containsKey("source/vendor/lib/");
  }

  /** What they mean is the image's business; those in front of ignored files are left out. */
  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "../web/x", "a/../../x", "gone", "/"})
  void has_links_wherever_they_lead(String target) throws Exception {
    repository.file("api/Dockerfile", "FROM alpine\n").link("api/link", target).commit();

    assertThat(ArchiveReader.entries(archive("api")))
        .containsEntry("source/api/link", "link " + target);
    assertThat(ArchiveReader.entries(archive(".")))
        .containsEntry("source/api/link", "link " + target);
  }

  @Test
  void keeps_link_targets_that_are_no_text() throws Exception {
    String longest = "\n" + "caf\u00e9/".repeat(200) + "\u00c3\u00a9";
    commitLink(longest);

    assertThat(ArchiveReader.entries(archive("."))).containsEntry("source/link", "link " + longest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b"})
  void refuses_links_that_no_file_system_has(String target) throws Exception {
    commitLink(target);

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> archive("."));
    assertThat(refused.reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(refused).hasMessageContaining("the link link");
  }

  /** A link whose target, a character per byte, need not be one that Java can make. */
  private void commitLink(String target) throws Exception {
    Path file = Files.write(folder.resolve("target"), target.getBytes(ISO_8859_1));
    String blob = repository.git("hash-object", "-w", file.toString());
    repository.git("update-index", "--add", "--cacheinfo", "120000," + blob + ",link");
    repository.git("commit", "--quiet", "--message", "link");
  }

  @Test
  void refuses_more_than_the_limit() throws Exception {
    repository.file("half", "x".repeat(1 << 19)).file("other", "y".repeat(1 << 19)).commit();

    RejectedException refused = catchThrowableOfType(RejectedException.class, () -> archive("."));
    assertThat(refused.reason()).isEqualTo(Reason.LIMIT_EXCEEDED);
    assertThat(refused).hasMessageContaining("TARKILN_SOURCE_LIMIT_BYTES");
  }

  private byte[] archive(String context) throws Exception {
    String dockerfile = context.equals(".") ? "Dockerfile" : context + "/Dockerfile";
    return HeadTree.use(
        repository,
        tree -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          ContextArchive.write(
              PrunedTree.of(tree, context, dockerfile, CheckoutRequests.LIMITS.sourceFiles()),
              CheckoutRequests.LIMITS,
              Map.of(),
              new GzipMembers(bytes, PreviousArchive.none(), ArchiveRecorder.none()));
          return bytes.toByteArray();
        });
  }

  private static byte[] gzipped(byte[] tar) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(tar);
    }
    return bytes.toByteArray();
  }
}
