package io.tarkiln.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.stack.GuardedKafka;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.testkit.GitRepository;
import io.tarkiln.testkit.Program;
import io.tarkiln.testkit.ServiceProcess;
import io.tarkiln.testkit.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How CI jobs and services log in to Kafka, with a broker that takes nobody else. */
@Tag("e2e")
class CiKafkaTest {
  private static final String REQUESTED = "tarkiln.build-requested";

  @TempDir static Path folder;
  private static GuardedKafka kafka;
  private static Path checkout;

  @BeforeAll
  static void start() throws Exception {
    kafka = GuardedKafka.start(folder.resolve("guarded"));
    GitRepository shop =
        GitRepository.in(folder.resolve("acme/shop.git"))
            .file("tarkiln.yaml", "workload: shop\nservices:\n  - {name: api}\n")
            .file("Dockerfile", "FROM scratch\n")
            .committed();
    checkout = folder.resolve("shop");
    shop.git("clone", "--quiet", shop.url(), checkout.toString());
  }

  @AfterAll
  static void stop() {
    if (kafka != null) {
      kafka.close();
    }
  }

  @Test
  void a_job_publishes_over_tls_with_an_account_by_scram() throws Exception {
    Program.Ended ran = build(account("scram", GuardedKafka.PASSWORD));

    assertPublished(ran, "scram");
  }

  @Test
  void a_job_publishes_over_tls_with_a_token_of_an_oidc_provider() throws Exception {
    Map<String, String> account = account("oidc", GuardedKafka.PASSWORD);
    account.put("TARKILN_KAFKA_TOKEN_URL", kafka.tokenAddress());
    account.put("TARKILN_KAFKA_SCOPE", "kafka");

    assertPublished(build(account), "oidc");
  }

  @Test
  void a_wrong_password_is_reported_in_a_sentence_and_never_shown() throws Exception {
    Program.Ended scram = build(account("wrong", "wr0ng-secret"));
    Map<String, String> account = account("wrong", "wr0ng-secret");
    account.put("TARKILN_KAFKA_TOKEN_URL", kafka.tokenAddress());
    Program.Ended oidc = build(account);

    for (Program.Ended ran : List.of(scram, oidc)) {
      assertThat(ran.exit()).as(ran.out()).isEqualTo(3);
      assertThat(shown(ran))
          .contains("do not trust each other")
          .doesNotContain("wr0ng-secret", "\tat ");
    }
  }

  @Test
  void without_its_certificate_authority_the_broker_is_not_trusted() throws Exception {
    Map<String, String> account = account("untrusted", GuardedKafka.PASSWORD);
    account.remove("TARKILN_KAFKA_CA");

    Program.Ended ran = build(account);

    assertThat(ran.exit()).as(ran.out()).isEqualTo(3);
    assertThat(shown(ran)).contains("do not trust each other", "certificat");
    assertThat(tags()).doesNotContain("untrusted");
  }

  @Test
  void a_service_logs_in_likewise() throws Exception {
    Map<String, String> variables = new HashMap<>();
    variables.put("KAFKA_BOOTSTRAP_SERVERS", kafka.address());
    variables.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
    variables.put("KAFKA_SSL_TRUSTSTORE_TYPE", "PEM");
    variables.put("KAFKA_SSL_TRUSTSTORE_CERTIFICATES", kafka.certificate());
    variables.put("KAFKA_SASL_MECHANISM", "OAUTHBEARER");
    variables.put("KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL", kafka.tokenAddress());
    variables.put(
        "KAFKA_SASL_LOGIN_CALLBACK_HANDLER_CLASS",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");
    variables.put(
        "KAFKA_SASL_JAAS_CONFIG",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"%s\" clientSecret=\"%s\";"
            .formatted(
                GuardedKafka.USER,
                GuardedKafka.PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"")));
    // As the chart sets it.
    variables.put(
        "JAVA_TOOL_OPTIONS",
        "-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + kafka.tokenAddress());
    try (ServiceProcess service = ServiceProcess.start("dockerfile-rewriter", variables, folder)) {
      service.awaitReady();

      assertThat(service.log())
          .doesNotContain(GuardedKafka.PASSWORD, "SaslAuthenticationException");
    }
  }

  private static Map<String, String> account(String tag, String password) throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("KAFKA_BOOTSTRAP_SERVERS", kafka.address());
    variables.put("TARKILN_KAFKA_USER", GuardedKafka.USER);
    variables.put("TARKILN_KAFKA_PASSWORD", password);
    variables.put("TARKILN_KAFKA_CA", kafka.certificate());
    variables.put("TARKILN_TAG", tag);
    variables.put("TARKILN_TIMEOUT", "1s");
    variables.put("TARKILN_SUMMARY", folder.resolve("summary-" + tag).toString());
    variables.put("GITHUB_ACTIONS", "true");
    variables.put("GITHUB_SERVER_URL", "https://git.example.com");
    variables.put("GITHUB_REPOSITORY", "acme/shop");
    variables.put("GITHUB_SHA", "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    variables.put("GITHUB_REF_NAME", "main");
    return variables;
  }

  /** Nobody builds it, so the job's wait ends with 3. */
  private static void assertPublished(Program.Ended ran, String tag) throws IOException {
    assertThat(tags()).as(ran.out()).contains(tag);
    assertThat(ran.exit()).as(ran.out()).isEqualTo(3);
    assertThat(shown(ran))
        .doesNotContain(GuardedKafka.PASSWORD, "clientSecret", "LoginModule", "password=");
    assertThat(
            Files.exists(folder.resolve("summary-" + tag))
                ? Files.readString(folder.resolve("summary-" + tag))
                : "")
        .doesNotContain(GuardedKafka.PASSWORD);
  }

  private static List<String> tags() {
    try (Watcher watcher = new Watcher(kafka.behind(), List.of(REQUESTED))) {
      return watcher.all(REQUESTED).stream()
          .map(record -> record.value().replaceAll(".*\"tag\":\"([^\"]*)\".*", "$1"))
          .toList();
    }
  }

  /** What a runner shows: it takes its own commands out, and what they mask. */
  private static String shown(Program.Ended ran) {
    String shown = ran.out().replaceAll("(?m)^::add-mask::.*$\n?", "");
    for (String line : ran.out().lines().toList()) {
      if (line.startsWith("::add-mask::")) {
        shown = shown.replace(line.substring("::add-mask::".length()), "***");
      }
    }
    return shown;
  }

  private static Program.Ended build(Map<String, String> variables) throws Exception {
    return Program.of(GoTools.home().resolve("deploy/ci/build").toString())
        .in(checkout)
        .without("(GITHUB|CI|KAFKA|TARKILN)_.*")
        .with(variables)
        .merged()
        .run();
  }
}
