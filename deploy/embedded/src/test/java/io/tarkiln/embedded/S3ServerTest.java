package io.tarkiln.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class S3ServerTest {
  private static final String SECRET = "AWS_SECRET_ACCESS_KEY";

  @TempDir private Path folder;

  @Test
  void has_a_secret_of_its_own_that_it_keeps() throws Exception {
    Map<String, String> first = variables("one/s3");

    assertThat(first.get(SECRET)).hasSize(40);
    assertThat(variables("one/s3").get(SECRET)).isEqualTo(first.get(SECRET));
    assertThat(variables("two/s3").get(SECRET)).isNotEqualTo(first.get(SECRET));
  }

  @Test
  void keeps_it_in_a_file_as_aws_has_it_that_only_this_user_can_read() throws Exception {
    Map<String, String> variables = variables("one/s3");

    Path file = folder.resolve("one/s3-credentials");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "[default]",
            "aws_access_key_id = " + variables.get("AWS_ACCESS_KEY_ID"),
            "aws_secret_access_key = " + variables.get(SECRET));
  }

  private Map<String, String> variables(String name) throws Exception {
    try (S3Server s3 = S3Server.start(folder.resolve(name), "127.0.0.1", 0)) {
      return s3.variables();
    }
  }
}
