package io.tarkiln.cli.session;

import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.event.Event;
import io.tarkiln.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka clients of this user that give up after some seconds instead of waiting for brokers. */
public record KafkaAccess(UserSettings connection) {
  private static final String TIMEOUT_MS = "10000";

  public Topics topics() {
    return connection.settings().topics();
  }

  public CloudEvents cloudEvents() {
    return new CloudEvents(topics());
  }

  /** Publishes an event and waits until the brokers have it. */
  public void publish(Event<?> event) throws CliException {
    publishAll(List.of(event));
  }

  /** Publishes events in their order and waits until the brokers have them all. */
  public void publishAll(List<? extends Event<?>> events) throws CliException {
    send(events.stream().map(cloudEvents()::encode).toList());
  }

  /** Sends records in their order and waits until the brokers have them all. */
  public void send(List<ProducerRecord<String, byte[]>> records) throws CliException {
    Map<String, Object> properties = properties();
    properties.put("acks", "all");
    properties.put("max.block.ms", TIMEOUT_MS);
    properties.put("delivery.timeout.ms", TIMEOUT_MS);
    properties.put("request.timeout.ms", "8000");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      records.forEach(record -> sent.add(producer.send(record)));
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException failed) {
      throw unreachable(Objects.requireNonNullElse(failed.getCause(), failed));
    } catch (KafkaException failed) {
      throw unreachable(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CliException(CliException.UNREACHABLE, "interrupted");
    }
  }

  /** A consumer of these topics that belongs to no group; it stands nowhere yet. */
  public KafkaConsumer<String, byte[]> consumer(List<String> topics) throws CliException {
    Map<String, Object> properties = properties();
    properties.put("default.api.timeout.ms", TIMEOUT_MS);
    properties.put("request.timeout.ms", "8000");
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    KafkaConsumer<String, byte[]> consumer;
    try {
      consumer =
          new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException failed) {
      throw unreachable(failed);
    }
    try {
      consumer.assign(
          topics.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList());
    } catch (TimeoutException | AuthenticationException failed) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      throw unreachable(failed);
    } catch (TopicAuthorizationException forbidden) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      throw forbidden("read", forbidden);
    } catch (KafkaException failed) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
      throw new CliException(
          CliException.UNREACHABLE,
          "Kafka at %s has no topics %s*: create them, or set TARKILN_TOPIC_PREFIX"
              .formatted(connection.settings().kafka(), topics().prefix()),
          failed);
    }
    return consumer;
  }

  private Map<String, Object> properties() {
    return new HashMap<>(connection.kafka());
  }

  /** A client for what only administrators ask; throws where brokers cannot be found at all. */
  public Admin admin() throws CliException {
    Map<String, Object> properties = properties();
    properties.put("default.api.timeout.ms", TIMEOUT_MS);
    properties.put("request.timeout.ms", "8000");
    try {
      return Admin.create(properties);
    } catch (KafkaException failed) {
      throw unreachable(failed);
    }
  }

  /** The broker says which topic, where it is not that the account may write none. */
  private static CliException forbidden(String verb, AuthorizationException refused) {
    String what =
        refused instanceof TopicAuthorizationException topic
            ? String.join(", ", topic.unauthorizedTopics())
            : "any topic";
    return new CliException(
        CliException.FAILED,
        "this account of Kafka's may not %s %s: take one of a role that may, see deploy/handbook/kafka.md"
            .formatted(verb, what),
        refused);
  }

  private CliException unreachable(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof AuthorizationException refused) {
        return forbidden("write", refused);
      }
      if (each instanceof AuthenticationException || each instanceof LoginException) {
        return new CliException(
            CliException.UNREACHABLE,
            "Kafka at %s and this client do not trust each other: %s; check account and certificate authorities"
                .formatted(connection.settings().kafka(), Printable.line(each)),
            cause);
      }
    }
    return new CliException(
        CliException.UNREACHABLE,
        "cannot reach Kafka at %s: start 'tarkiln up', or set KAFKA_BOOTSTRAP_SERVERS"
            .formatted(connection.settings().kafka()),
        cause);
  }
}
