package io.tarkiln.e2e.stack;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Moves consumer groups as an operator does with {@code kafka-consumer-groups}. */
public final class ConsumerGroups implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Admin admin;

  public ConsumerGroups(String bootstrapServers) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** Lets groups, by name, begin their topics anew; none may have members. */
  public void resetToEarliest(Map<String, String> topics) {
    topics.forEach(
        (group, topic) ->
            await(group + " to have no members")
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(
                    () -> {
                      admin
                          .alterConsumerGroupOffsets(group, offsets(topic, OffsetSpec.earliest()))
                          .all()
                          .get();
                      return true;
                    }));
  }

  /** Waits until groups, by name, have acknowledged all that is in their topics. */
  public void awaitEnd(Map<String, String> topics) {
    topics.forEach(
        (group, topic) ->
            await(group + " to reach the end").atMost(LIMIT).until(() -> isAtEnd(group, topic)));
  }

  private boolean isAtEnd(String group, String topic)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return offsets(topic, OffsetSpec.latest()).entrySet().stream()
        .allMatch(
            end ->
                end.getValue().offset() == 0
                    || (committed.get(end.getKey()) != null
                        && committed.get(end.getKey()).offset() >= end.getValue().offset()));
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(String topic, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .forEach(each -> wanted.put(new TopicPartition(topic, each.partition()), spec));
    Map<TopicPartition, ListOffsetsResultInfo> found = admin.listOffsets(wanted).all().get();
    return found.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, each -> new OffsetAndMetadata(each.getValue().offset())));
  }

  @Override
  public void close() {
    admin.close();
  }
}
