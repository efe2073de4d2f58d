package io.tarkiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class LifecycleCommandTest {
  @TempDir private Path folder;

  @Test
  void prints_rules_that_other_programs_read() throws Exception {
    Cli.Ran ran = Cli.run("lifecycle", "--large-days", "3", "--small-days", "365");

    assertThat(ran.exit()).as(ran.err()).isZero();
    JsonNode rules = new ObjectMapper().readTree(ran.out()).get("Rules");
    assertThat(rules).hasSize(5);
    assertThat(rules.at("/0/Filter/And/Prefix").asText()).isEqualTo("builds/");
    assertThat(rules.at("/0/Filter/And/ObjectSizeGreaterThan").asLong()).isEqualTo(1 << 20);
    assertThat(rules.at("/0/Expiration/Days").asInt()).isEqualTo(3);
    assertThat(rules.at("/2/Filter/Prefix").asText()).isEqualTo("sources/");
    assertThat(rules.at("/3/Expiration/Days").asInt()).isEqualTo(365);
  }

  @Test
  void sets_them_in_the_bucket() throws Exception {
    try (MinioServer minio = MinioServer.start(GoTools.provide("minio"), folder);
        ObjectStore store = ObjectStore.connect(Settings.of(minio.variables()))) {
      store.createBucket();
      Cli.configure(minio.variables());

      Cli.Ran ran = Cli.run("lifecycle", "--apply");

      assertThat(ran.exit()).as(ran.err()).isZero();
      assertThat(ran.err()).contains("builds/ beyond 1 MiB after 7 days", "sources/ after 30 days");
      assertThat(store.lifecycle().ids()).hasSize(5);
    }
  }

  @Test
  void refuses_rules_that_would_lose_what_is_needed() {
    Cli.Ran ran = Cli.run("lifecycle", "--small-days", "1");

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("longer than their tars");
  }
}
