package io.tarkiln.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tarkiln.cli.Cli;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What doctor says of S3 servers that no real one can be made to be. */
@Tag("server")
class DoctorStoreTest {
  private int putAnswer;
  private HttpServer s3;

  @BeforeEach
  void start() throws Exception {
    s3 = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    s3.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(
              exchange.getRequestMethod().equals("PUT") ? putAnswer : 200, -1);
          exchange.close();
        });
    s3.start();
    Cli.configure(
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", "localhost:1",
            "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + s3.getAddress().getPort(),
            "AWS_ACCESS_KEY_ID", "any",
            "AWS_SECRET_ACCESS_KEY", "any",
            "TARKILN_REGISTRY", "localhost:1"));
  }

  @AfterEach
  void stop() {
    s3.stop(0);
  }

  @Test
  void finds_fault_with_one_that_takes_a_second_first_writer() {
    putAnswer = 200;

    assertThat(Cli.run("doctor").out())
        .containsPattern("fault +s3 +bucket .* S3 does not honour If-None-Match on PUT")
        .contains("-> Tarkiln needs a server that does");
  }

  @Test
  void is_content_with_one_that_keeps_the_first() {
    putAnswer = 412;

    assertThat(Cli.run("doctor").out()).containsPattern("ok +s3 +bucket");
  }

  @Test
  void warns_of_one_that_it_may_not_ask() {
    putAnswer = 403;

    assertThat(Cli.run("doctor").out()).containsPattern("warn +s3 +bucket .* takes no object");
  }
}
