package io.tarkiln.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCredentialsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "https://me:pw@git_server.internal, https, git_server.internal, -1",
    "https://me:pw@git_server.internal:8443, https, git_server.internal, 8443",
    "https://me:pw@git.example, https, GIT.example, -1",
    "HTTPS://me:pw@git.example, https, git.example, -1",
    "https://me:pw@git.example:443, https, git.example, -1",
    "https://me:pw@git.example, https, git.example, 8443",
    "http://me:pw@git.example:80, http, git.example, -1",
    "https://me:pw@[::1]:8443, https, [::1], 8443",
    "https://me:pw@[::1], https, [::1], -1",
    "https://me:pw@git.example/, https, git.example, -1",
    "https://me:pw@git.example/acme, https, git.example, -1",
    "https://me:pw@git.example/acme/shop.git, https, git.example, -1",
    "https://m%65:p%77@git.example, https, git.example, -1",
  })
  void finds_the_account(String line, String scheme, String host, int port) throws Exception {
    assertThat(account(line, scheme, host, port)).contains("me pw");
  }

  @ParameterizedTest
  @CsvSource({
    "https://me:p+w@git.example, me p+w",
    "https://me:p@w@git.example, me p@w",
    "https://me:p:w@git.example, me p:w",
    "https://me:100%@git.example, me 100%",
    "https://me:%zz@git.example, me %zz",
    "https://m%40x:p%2Fw@git.example, m@x p/w",
    "https://m%C3%BC:pw@git.example, mü pw",
    "https://mü:pw@git.example, mü pw",
    "https://token@git.example, 'token '",
  })
  void reads_names_and_passwords_as_git_does(String line, String account) throws Exception {
    assertThat(account(line, "https", "git.example", -1)).contains(account);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me:pw@git.example",
        "//me:pw@git.example",
        "://me:pw@git.example",
        "machine git.example login me password pw",
        "git.example",
        "https://git.example",
        "https://me:pw@",
        "https://me:pw@other.example",
        "https://me:pw@git.example.evil",
        "https://me:pw@git.example:8443",
        "http://me:pw@git.example",
        "https://me:pw@git.example/acm",
        "# https://me:pw@git.example",
        "",
        "https://",
        "\u0000",
      })
  void ignores_what_is_no_account_of_the_host(String line) throws Exception {
    assertThat(account(line, "https", "git.example", -1)).isEmpty();
    assertThat(account(line + "\r\nhttps://a:b@git.example\r\n", "https", "git.example", -1))
        .contains("a b");
  }

  @Test
  void reads_bytes_of_any_kind() throws Exception {
    Files.write(
        folder.resolve("credentials"), "\u00ff\nhttps://me:pw@git.example".getBytes("ISO-8859-1"));

    assertThat(found("https", "git.example", -1)).contains("me pw");
  }

  private Optional<String> account(String line, String scheme, String host, int port)
      throws Exception {
    Files.writeString(folder.resolve("credentials"), line);
    return found(scheme, host, port);
  }

  private Optional<String> found(String scheme, String host, int port) throws Exception {
    return new StoredCredentials(Optional.of(folder.resolve("credentials")))
        .of(scheme, host, port, "/acme/shop.git")
        .map(account -> account.user() + " " + account.password());
  }
}
