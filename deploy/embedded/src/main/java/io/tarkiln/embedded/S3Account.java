package io.tarkiln.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * The account of an embedded S3: a secret of its folder alone, in a file that only this user can
 * read, written as AWS's own tools read it ({@code AWS_SHARED_CREDENTIALS_FILE}).
 */
record S3Account(String keyId, String secret, Path file) {
  private static final String KEY_ID = "aws_access_key_id";
  private static final String SECRET = "aws_secret_access_key";
  private static final int SECRET_BYTES = 30;

  /** The account that a file keeps; a new one, kept from then on, where there is no file. */
  static S3Account in(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(random);
      // Letters and digits alone are the same in every notation.
      String secret = Base64.getEncoder().encodeToString(random).replaceAll("[^A-Za-z0-9]", "0");
      Path made =
          Files.createTempFile(
              file.getParent(),
              "s3-credentials",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          made, "[default]%n%s = tarkiln%n%s = %s%n".formatted(KEY_ID, SECRET, secret));
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
    Properties lines = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      lines.load(text);
    }
    return new S3Account(lines.getProperty(KEY_ID, ""), lines.getProperty(SECRET, ""), file);
  }

  /** Has the command line find the file by the port that takes the account; returns the link. */
  Path announce(int port) throws IOException {
    Path state =
        Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
            .filter(home -> !home.isBlank())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"));
    Path link = Files.createDirectories(state.resolve("tarkiln-s3")).resolve("" + port);
    Files.deleteIfExists(link);
    return Files.createSymbolicLink(link, file);
  }
}
