package io.tarkiln.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class RegistryServerTest {
  @TempDir Path folder;

  @Test
  void answers_and_ends_one_that_was_left_over() throws Exception {
    Path binary = GoTools.provide("registry");
    RegistryServer left =
        RegistryServer.start(binary, folder, "localhost", 0, RegistryServer.Options.PLAIN);

    try (RegistryServer next =
        RegistryServer.start(binary, folder, "localhost", 0, RegistryServer.Options.PLAIN)) {
      assertThat(status(next.address())).isEqualTo(200);
      assertThatThrownBy(() -> status(left.address())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void wants_an_account_where_it_has_accounts() throws Exception {
    Path accounts = Files.writeString(folder.resolve("htpasswd"), "");

    try (RegistryServer server =
        RegistryServer.start(
            folder,
            "localhost",
            new RegistryServer.Options(Optional.of(accounts), Optional.empty()))) {
      assertThat(status(server.address())).isEqualTo(401);
    }
  }

  private static int status(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://" + address + "/v2/")).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
