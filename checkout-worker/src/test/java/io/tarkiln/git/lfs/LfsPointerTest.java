package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LfsPointerTest {
  private static final String OID = "ab".repeat(32);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize 12\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize 12",
        "version https://git-lfs.github.com/spec/v1\r\noid sha256:OID\r\nsize 12\r\n",
        "version https://hawser.github.com/spec/v1\noid sha256:OID\nsize 12\n",
        "version http://git-media.io/v/2\noid sha256:OID\nsize 12\n",
        "version https://git-lfs.github.com/spec/v1\n\noid sha256:OID\n\nsize 12\n\n  \n",
        "\nversion https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize 12\n",
        "version https://git-lfs.github.com/spec/v1\n"
            + "ext-0-foo sha256:OID\n"
            + "oid sha256:OID\n"
            + "size 12\n",
      })
  void is_what_git_lfs_takes_for_one(String text) {
    assertThat(LfsPointer.of(text.replace("OID", OID).getBytes(UTF_8)))
        .contains(new LfsPointer(OID, 12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "version https://git-lfs.github.com/spec/v9\noid sha256:OID\nsize 12\n",
        "version https://git-lfs.github.com/spec/v1\nsize 12\noid sha256:OID\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize -1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:OID\n",
        "version https://git-lfs.github.com/spec/v1\noid sha1:OID\nsize 12\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize 12\nmore 1\n",
        "# version https://git-lfs.github.com/spec/v1\noid sha256:OID\nsize 12\n",
      })
  void is_nothing_else(String text) {
    assertThat(LfsPointer.of(text.replace("OID", OID).getBytes(UTF_8))).isEmpty();
  }
}
