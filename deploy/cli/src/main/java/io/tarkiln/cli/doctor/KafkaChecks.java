package io.tarkiln.cli.doctor;

import static java.util.stream.Collectors.joining;

import io.tarkiln.access.Role;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.event.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks of Kafka: whether it is there, its topics are, and what this account may do with them. */
record KafkaChecks(UserSettings connection) {
  private static final String WHAT = "kafka";
  private static final String ROLES = "topics by role";
  private static final String ADVICE =
      "an account for each role, see deploy/handbook/kafka.md (who may write what)";

  /** What the broker says of our topics; those are missing of which it says nothing. */
  private record Seen(Map<String, TopicDescription> topics, Set<String> hidden) {}

  List<CheckResult> all() {
    Seen seen;
    try {
      seen = describe();
    } catch (CliException | ExecutionException away) {
      return List.of(absent());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of(absent());
    }
    if (seen.topics().size() + seen.hidden().size() < topics().all().size()) {
      return List.of(absent());
    }
    List<CheckResult> findings = new ArrayList<>();
    findings.add(
        CheckResult.ok(
            WHAT,
            "%s, %d partitions of our topics"
                .formatted(
                    connection.settings().kafka(),
                    seen.topics().values().stream().mapToInt(t -> t.partitions().size()).sum())));
    findings.add(role(seen));
    return findings;
  }

  private Topics topics() {
    return new KafkaAccess(connection).topics();
  }

  private CheckResult absent() {
    return CheckResult.fault(
        WHAT,
        "no Kafka with our topics at " + connection.settings().kafka(),
        "start 'tarkiln up', or set KAFKA_BOOTSTRAP_SERVERS and create the topics %s*"
            .formatted(topics().prefix()));
  }

  private Seen describe() throws CliException, ExecutionException, InterruptedException {
    Seen seen = new Seen(new TreeMap<>(), new TreeSet<>());
    try (Admin admin = new KafkaAccess(connection).admin()) {
      for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
          admin
              .describeTopics(
                  topics().all(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .topicNameValues()
              .entrySet()) {
        try {
          seen.topics().put(each.getKey(), each.getValue().get());
        } catch (ExecutionException failed) {
          if (!(failed.getCause() instanceof AuthorizationException)) {
            throw failed;
          }
          seen.hidden().add(each.getKey());
        }
      }
    }
    return seen;
  }

  /** Which role this account has. A broker without an authorizer lets everybody do everything. */
  private CheckResult role(Seen seen) {
    Set<String> written = those(seen, AclOperation.WRITE);
    Set<String> read = those(seen, AclOperation.READ);
    boolean isOwner = !those(seen, AclOperation.DELETE).isEmpty();
    Optional<Role> role =
        Arrays.stream(Role.values())
            .filter(each -> each.written().equals(written) && each.read().equals(read))
            .findFirst();
    if (isOwner) {
      return CheckResult.warn(
          ROLES,
          "this account may do everything with our topics: the broker has no authorizer, or the"
              + " account is an administrator's",
          ADVICE);
    }
    return role.map(
            each ->
                CheckResult.ok(
                    ROLES,
                    written.isEmpty()
                        ? each.wire() + ", which writes nothing"
                        : "%s, which writes %s".formatted(each.wire(), list(written))))
        .orElseGet(
            () ->
                CheckResult.warn(
                    ROLES,
                    "of no role: writes %s; reads %s".formatted(list(written), list(read)),
                    ADVICE));
  }

  private Set<String> those(Seen seen, AclOperation operation) {
    Set<String> names = new TreeSet<>();
    seen.topics()
        .forEach(
            (name, topic) -> {
              Collection<AclOperation> may =
                  Optional.ofNullable(topic.authorizedOperations()).orElse(Set.of());
              if (may.contains(operation)) {
                names.add(name.substring(topics().prefix().length()));
              }
            });
    return names;
  }

  private static String list(Set<String> names) {
    return names.isEmpty() ? "nothing" : names.stream().collect(joining(", "));
  }
}
