package io.tarkiln.e2e;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.access.Role;
import io.tarkiln.e2e.document.Checkout;
import io.tarkiln.e2e.document.MarkdownPage;
import io.tarkiln.e2e.stack.AuthorizedKafka;
import io.tarkiln.e2e.stack.SeparateServices;
import io.tarkiln.e2e.stack.Stack;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write which topic: the handbook's commands, on a broker with an authorizer. */
@Tag("e2e")
class TopicRolesTest {
  private static final Topics TOPICS = new Topics("tarkiln.");
  private static final String PAGE = "deploy/handbook/kafka.md";

  @TempDir static Path folder;
  private static AuthorizedKafka kafka;
  private static SeparateServices services;

  @BeforeAll
  static void start() throws Exception {
    kafka = AuthorizedKafka.start(folder.resolve("kafka"));
    kafka.administer(folder, commands());
    services =
        SeparateServices.start(
            folder,
            new SeparateServices.Setup(
                TOPICS,
                kafka.behind(),
                1,
                Map.of(),
                process -> kafka.variables(roleOf(process)),
                false,
                SeparateServices.UNTOUCHED));
  }

  @AfterAll
  static void stop() throws Exception {
    if (services != null) {
      services.close();
    }
    if (kafka != null) {
      kafka.close();
    }
  }

  private static Role roleOf(String process) {
    return Role.valueOf(
        process.replaceFirst("-\\d+$", "").replace('-', '_').toUpperCase(Locale.ROOT));
  }

  private static MarkdownPage page() throws Exception {
    return Checkout.here().pages().stream()
        .filter(each -> each.path().equals(Path.of(PAGE)))
        .findFirst()
        .orElseThrow();
  }

  private static String commands() throws Exception {
    return page().blocks().stream()
        .map(MarkdownPage.Block::text)
        .filter(text -> text.contains("kafka-acls.sh"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_commands_allow_each_role_what_the_table_says_and_nothing_else() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.behind()))) {
      Collection<AclBinding> rules = admin.describeAcls(AclBindingFilter.ANY).values().get();

      assertThat(new HashSet<>(rules))
          .isEqualTo(Stream.of(Role.values()).flatMap(TopicRolesTest::rules).collect(toSet()));
    }
    List<String> rows = new ArrayList<>();
    for (String topic : new Topics("").all()) {
      StringBuilder row = new StringBuilder("| `" + topic + "` |");
      for (Role role : Role.values()) {
        row.append(role.read().contains(topic) ? " read" : "")
            .append(role.written().contains(topic) ? " write" : "")
            .append(" |");
      }
      rows.add(row.toString());
    }
    assertThat(page().text().replaceAll(" +", " "))
        .contains(rows.stream().map(row -> row.replaceAll(" +", " ")).toList());
  }

  private static Stream<AclBinding> rules(Role role) {
    return Stream.of(
            role.written().stream()
                .map(topic -> rule(role, ResourceType.TOPIC, topic, AclOperation.WRITE)),
            role.read().stream()
                .map(topic -> rule(role, ResourceType.TOPIC, topic, AclOperation.READ)),
            role.groups().stream()
                .map(
                    group ->
                        rule(
                            role,
                            ResourceType.GROUP,
                            group.name(),
                            group.isPrefix() ? PatternType.PREFIXED : PatternType.LITERAL,
                            AclOperation.READ)))
        .flatMap(each -> each);
  }

  private static AclBinding rule(Role role, ResourceType type, String name, AclOperation what) {
    return rule(role, type, TOPICS.prefix() + name, PatternType.LITERAL, what);
  }

  private static AclBinding rule(
      Role role, ResourceType type, String name, PatternType pattern, AclOperation what) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(
            "User:" + AuthorizedKafka.account(role), "*", what, AclPermissionType.ALLOW));
  }

  @Test
  void with_them_ci_asks_for_a_build_and_every_service_does_its_part() throws Exception {
    GitRepository repository =
        GitRepository.in(folder.resolve("shop"))
            .file("Dockerfile", "FROM scratch\nCOPY message.txt /\n")
            .file("message.txt", "by role\n");
    repository.commit();

    Stack.Ran ran =
        tarkiln(
            Role.CI,
            "build",
            "--workload=roles",
            "--tag=1",
            "--repository=" + repository.url(),
            "--service=app=.",
            "--timeout=3m");

    assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    assertThat(services.registry().file("roles/app", "1", "message.txt")).contains("by role\n");
    Stack.Ran seen = tarkiln(Role.WATCHER, "list");
    assertThat(seen.out()).as(seen.err()).contains("roles:1");
    assertThat(tarkiln(Role.OPERATOR, "deadletters", "list").exit()).isZero();
  }

  @Test
  void nobody_writes_what_another_tells() {
    assertThatThrownBy(() -> write(Role.CI, EventType.IMAGE_BUILT)).satisfies(this::isForbidden);
    assertThatThrownBy(() -> write(Role.CI, EventType.BUILD_FINISHED)).satisfies(this::isForbidden);
    assertThatThrownBy(() -> write(Role.DOCKERFILE_REWRITER, EventType.IMAGE_BUILT))
        .satisfies(this::isForbidden);
    assertThatThrownBy(() -> write(Role.ARTIFACT_PUSHER, EventType.DOCKERFILE_REWRITTEN))
        .satisfies(this::isForbidden);
    for (EventType type : EventType.values()) {
      assertThatThrownBy(() -> write(Role.WATCHER, type)).satisfies(this::isForbidden);
    }
  }

  private void isForbidden(Throwable thrown) {
    assertThat(thrown).hasRootCauseInstanceOf(TopicAuthorizationException.class);
  }

  private static void write(Role role, EventType type) throws Exception {
    Map<String, Object> settings = new HashMap<>(kafka.client(role));
    // Or who writes nothing at all is refused before a topic is named.
    settings.put("enable.idempotence", false);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPICS.of(type), "forged")).get();
    }
  }

  @Test
  void no_worker_moves_the_place_of_another() {
    try (Admin admin = Admin.create(kafka.client(Role.DOCKERFILE_REWRITER))) {
      assertThatThrownBy(
              () ->
                  admin
                      .alterConsumerGroupOffsets(
                          "tarkiln-checkout-worker",
                          Map.of(
                              new TopicPartition(TOPICS.of(EventType.SOURCE_CHECKED_OUT), 0),
                              new OffsetAndMetadata(7)))
                      .all()
                      .get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(GroupAuthorizationException.class);
    }
  }

  @Test
  void doctor_and_a_refusal_say_which_role_it_takes() throws Exception {
    for (Role role : Set.of(Role.CI, Role.WATCHER, Role.OPERATOR, Role.BUILD_SUBMITTER)) {
      assertThat(tarkiln(role, "doctor").out())
          .containsPattern("ok +kafka +" + kafka.address())
          .containsPattern("ok +topics by role +" + role.wire() + ", which writes ");
    }
    assertThat(tarkiln(Map.of(Settings.KAFKA, kafka.behind()), "doctor").out())
        .containsPattern("warn +topics by role +this account may do everything");

    Stack.Ran refused =
        tarkiln(
            Role.WATCHER,
            "publish",
            "--workload=roles",
            "--tag=2",
            "--repository=https://git.example.com/shop.git",
            "--service=app=.");

    assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err()).contains("may not write any topic").doesNotContain("\tat ");
  }

  private static Stack.Ran tarkiln(Role role, String... arguments) throws Exception {
    return tarkiln(kafka.variables(role), arguments);
  }

  private static Stack.Ran tarkiln(Map<String, String> account, String... arguments)
      throws Exception {
    Map<String, String> environment = new HashMap<>(services.variables(Map.of()));
    environment.putAll(account);
    return Stack.run(environment, arguments);
  }
}
