package io.tarkiln.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class WriteOnceCheckTest {
  @TempDir Path folder;

  @Test
  void minio_passes() throws Exception {
    try (MinioServer s3 = MinioServer.start(GoTools.provide("minio"), folder)) {
      passesInEachProcess(s3.variables());
    }
  }

  @Test
  void s3proxy_passes() throws Exception {
    try (S3Server s3 = S3Server.start(folder, "127.0.0.1", 0)) {
      passesInEachProcess(s3.variables());
    }
  }

  private static void passesInEachProcess(Map<String, String> variables) throws Exception {
    for (int process = 0; process < 3; process++) {
      try (ObjectStore store = ObjectStore.connect(Settings.of(variables))) {
        store.createBucket();

        assertThat(store.writeOnceCheck().passes()).isTrue();
        assertThat(store.list("")).containsExactly("builds/write-once-check");
      }
    }
  }

  @Test
  void a_server_that_takes_a_second_first_writer_does_not() throws Exception {
    try (ScriptedServer s3 = new ScriptedServer(request -> Answer.of(200));
        ObjectStore store = on(s3)) {
      assertThat(store.writeOnceCheck().passes()).isFalse();
      assertThatThrownBy(() -> store.writeOnceCheck().require())
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("does not honour If-None-Match on PUT");

      assertThat(s3.seen())
          .allSatisfy(
              request -> {
                assertThat(request.what()).isEqualTo("PUT /tarkiln/builds/write-once-check");
                assertThat(request.header("If-None-Match")).hasValue("*");
              });
    }
  }

  @Test
  void one_request_is_enough_where_the_object_is_there() throws Exception {
    try (ScriptedServer s3 = new ScriptedServer(request -> Answer.of(412));
        ObjectStore store = on(s3)) {
      store.writeOnceCheck().require();
      store.writeOnceCheck().require();

      assertThat(s3.seen()).hasSize(1);
    }
  }

  @Test
  void a_server_that_is_away_is_asked_again() throws Exception {
    AtomicInteger refusals = new AtomicInteger(1);
    try (ScriptedServer s3 =
            new ScriptedServer(request -> Answer.of(refusals.getAndDecrement() > 0 ? 403 : 412));
        ObjectStore store = on(s3)) {
      assertThatThrownBy(() -> store.writeOnceCheck().passes())
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("builds/write-once-check");

      assertThat(store.writeOnceCheck().passes()).isTrue();
    }
  }

  private static ObjectStore on(ScriptedServer s3) {
    return ObjectStore.connect(
        Settings.of(
            Map.of(
                "AWS_ENDPOINT_URL_S3", "http://" + s3.address(),
                "AWS_ACCESS_KEY_ID", "any",
                "AWS_SECRET_ACCESS_KEY", "any",
                "TARKILN_BUCKET", "tarkiln")));
  }
}
