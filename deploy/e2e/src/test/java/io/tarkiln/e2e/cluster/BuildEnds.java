package io.tarkiln.e2e.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints what a plain consumer finds on the topics, for {@code deploy/e2e/cluster}: a line per
 * build that was asked for, with the number of different ends that were announced of it and of
 * different image tars, and these ends. Java runs this file as it is.
 */
final class BuildEnds {
  private BuildEnds() {}

  public static void main(String[] arguments) {
    Map<String, Set<String>> ends = new TreeMap<>();
    Map<String, Set<String>> tars = new HashMap<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            System.getenv("KAFKA_BOOTSTRAP_SERVERS"),
            "enable.auto.commit",
            false);
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of("tarkiln.build-requested", "tarkiln.build-finished", "tarkiln.image-built")
              .stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < last.get(each))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          Set<String> announced = ends.computeIfAbsent(record.key(), key -> new HashSet<>());
          if (record.topic().endsWith("build-finished")) {
            announced.add(record.value());
          } else if (record.topic().endsWith("image-built")) {
            tars.computeIfAbsent(record.key(), key -> new HashSet<>()).add(record.value());
          }
        }
      }
    }
    ends.forEach(
        (build, announced) ->
            System.out.printf(
                "%s ends=%d tars=%d %s%n",
                build,
                announced.size(),
                tars.getOrDefault(build, Set.of()).size(),
                String.join(" | ", announced)));
  }
}
