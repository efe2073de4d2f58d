package io.tarkiln.kaniko.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.kaniko.local.LocalSettings.SourceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUnpackerTest {
  private static final SourceLimits LIMITS = new SourceLimits(1 << 20, 100);

  @TempDir private Path temporary;
  private Path target;
  private Path outside;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temporary.resolve("target"));
    outside = Files.createDirectory(temporary.resolve("outside"));
  }

  @Test
  void strips_the_top_level_folder_and_keeps_modes_times_and_symlinks() throws Exception {
    unpack(
        new Archive()
            .directory("shop")
            .file("shop/run.sh", "#!/bin/sh\n".getBytes(), 0755)
            .file("shop/deep/er/file", "content")
            .symlink("shop/link", "deep/er/file"));

    assertThat(target.resolve("deep/er/file")).hasContent("content");
    assertThat(Files.getPosixFilePermissions(target.resolve("run.sh")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(Files.getLastModifiedTime(target.resolve("run.sh")).toMillis())
        .isEqualTo(1_700_000_000_000L);
    assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("deep/er/file");
  }

  @Test
  void drops_the_setuid_bit() throws Exception {
    unpack(new Archive().file("shop/su", new byte[1], 04755));

    assertThat((int) Files.getAttribute(target.resolve("su"), "unix:mode") & 07777).isEqualTo(0755);
  }

  @Test
  void makes_hard_links_among_its_own_files() throws Exception {
    unpack(new Archive().file("shop/a", "same").hardLink("shop/b", "shop/a"));

    assertThat(target.resolve("b")).hasContent("same");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/etc/evil", "shop/../../evil", "../evil", "shop/./x", "shop//x", "..", "shop/.."})
  void refuses_names_that_are_no_plain_paths(String name) {
    assertRefused(new Archive().file(name, "evil"));
  }

  @Test
  void refuses_a_second_top_level_folder() {
    assertRefused(new Archive().file("shop/a", "a").file("other/b", "b"));
  }

  @Test
  void refuses_a_file_in_the_top_level_folders_place() {
    assertRefused(new Archive().file("shop", "a"));
  }

  @Test
  void refuses_to_write_through_a_symlink() {
    assertRefused(
        new Archive().symlink("shop/door", outside.toString()).file("shop/door/evil", "evil"));
    assertRefused(new Archive().symlink("shop/up", "../outside").directory("shop/up/evil"));
  }

  @Test
  void refuses_to_write_over_a_symlink() {
    assertRefused(
        new Archive().symlink("shop/x", outside.resolve("evil").toString()).file("shop/x", "evil"));
  }

  @Test
  void refuses_hard_links_that_leave_or_go_through_a_symlink() throws IOException {
    Files.writeString(outside.resolve("secret"), "secret");

    assertRefused(new Archive().hardLink("shop/x", outside.resolve("secret").toString()));
    assertRefused(new Archive().hardLink("shop/x", "shop/../../outside/secret"));
    assertRefused(
        new Archive()
            .symlink("shop/door", outside.toString())
            .hardLink("shop/x", "shop/door/secret"));
    assertRefused(
        new Archive()
            .symlink("shop/y", outside.resolve("secret").toString())
            .hardLink("shop/x", "shop/y"));
    assertRefused(new Archive().hardLink("shop/x", "shop"));
  }

  @Test
  void refuses_devices_and_fifos() {
    assertRefused(new Archive().device("shop/null"));
    assertRefused(new Archive().fifo("shop/pipe"));
  }

  @Test
  void refuses_more_bytes_or_files_than_the_limits() {
    Archive large = new Archive().file("shop/zeros", new byte[(1 << 20) + 1], 0644);
    Archive many = new Archive();
    for (int i = 0; i <= 100; i++) {
      many.file("shop/" + i, "");
    }

    assertThatThrownBy(() -> unpack(large))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.LIMIT_EXCEEDED))
        .hasMessageContaining("TARKILN_SOURCE_MIB");
    assertThatThrownBy(() -> unpack(many)).hasMessageContaining("TARKILN_SOURCE_ENTRIES");
  }

  @Test
  void reports_an_archive_that_breaks_off() {
    byte[] whole = new Archive().file("shop/a", "a".repeat(5000)).bytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);

    assertThatThrownBy(() -> SourceUnpacker.unpack(new ByteArrayInputStream(half), target, LIMITS))
        .isInstanceOf(IOException.class);
  }

  private void unpack(Archive archive) throws IOException, RejectedException {
    SourceUnpacker.unpack(new ByteArrayInputStream(archive.bytes()), target, LIMITS);
  }

  private void assertRefused(Archive archive) {
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Reason.PATH_OUTSIDE_REPOSITORY))
        .hasMessageContaining("source archive is refused");
    assertThat(outside).satisfies(folder -> assertThat(names(folder)).doesNotContain("evil"));
    assertThat(names(temporary)).containsExactlyInAnyOrder("target", "outside");
  }

  private static Stream<String> names(Path folder) {
    String[] names = folder.toFile().list();
    return Arrays.stream(names);
  }
}
