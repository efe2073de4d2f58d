package io.tarkiln.bench.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.BuildId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Asks for builds, one after the other, of a pipeline on a cluster, and tells by the timestamps of
 * its events how long the build-submitter takes: from the record of dockerfile-rewritten to that of
 * build-submitted, which is sent once the Workflow exists. So it holds two ways through Kafka, a
 * look into S3 and the API server's create; nothing of Argo and the kubelet.
 */
public final class SubmitBench {
  private static final Duration PACE = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String REWRITTEN = "tarkiln.dockerfile-rewritten";
  private static final String SUBMITTED = "tarkiln.build-submitted";

  private SubmitBench() {}

  /** Arguments: a repository's address, the folder of a service in it, and how many builds. */
  public static void main(String[] arguments) {
    String kafka = System.getenv("KAFKA_BOOTSTRAP_SERVERS");
    int builds = Integer.parseInt(arguments[2]);
    Map<String, Long> rewritten = new HashMap<>();
    Map<String, Long> submitted = new HashMap<>();
    try (var consumer =
            new KafkaConsumer<>(
                Map.<String, Object>of(
                    "bootstrap.servers",
                    kafka,
                    "group.id",
                    "bench-" + BuildId.next(),
                    "auto.offset.reset",
                    "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka),
                new StringSerializer(),
                new StringSerializer())) {
      for (int i = 0; i < builds; i++) {
        producer.send(request(arguments[0], arguments[1], "bench-" + i));
        LockSupport.parkNanos(PACE.toNanos());
      }
      producer.flush();
      consumer.subscribe(List.of(REWRITTEN, SUBMITTED));
      Instant end = Instant.now().plus(PATIENCE);
      while (submitted.size() < builds && Instant.now().isBefore(end)) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          (record.topic().equals(REWRITTEN) ? rewritten : submitted)
              .putIfAbsent(record.key(), record.timestamp());
        }
      }
    }
    List<Long> took =
        submitted.entrySet().stream()
            .map(each -> each.getValue() - rewritten.get(each.getKey()))
            .sorted()
            .toList();
    System.out.printf(
        "%d of %d builds: p50 %d ms, p90 %d ms, p99 %d ms, most %d ms%n",
        took.size(),
        builds,
        percentile(took, 50),
        percentile(took, 90),
        percentile(took, 99),
        percentile(took, 100));
  }

  private static long percentile(List<Long> sorted, int percent) {
    return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
  }

  private static ProducerRecord<String, String> request(
      String repository, String folder, String tag) {
    String build = BuildId.next().toString();
    String json =
        """
        {"workload": "shop", "tag": "%s", "source": {"repository": "%s", "revision": "main"},
         "services": [{"name": "api", "context": "%s"}]}
        """
            .formatted(tag, repository, folder);
    ProducerRecord<String, String> record =
        new ProducerRecord<>("tarkiln.build-requested", build, json);
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", build + "/build-requested",
            "ce_source", "/bench",
            "ce_type", "io.tarkiln.build.requested.v1")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }
}
