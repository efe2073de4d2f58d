package io.tarkiln.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tarkiln.cloudevents.CloudEvents;
import io.tarkiln.testkit.TestKafka;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds records, schemas and the AsyncAPI document together, through a real broker. */
@Tag("server")
class EventContractTest {
  private static final String SCHEMAS = "https://tarkiln.io/schema/v1/";
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemaIdResolvers(
                  resolvers -> resolvers.mapPrefix(SCHEMAS, "classpath:io/tarkiln/event/schema/")));

  @Test
  void every_type_goes_through_kafka_as_its_schema_says() throws Exception {
    Topics topics = new Topics("contract-" + UUID.randomUUID() + ".");
    CloudEvents cloudEvents = new CloudEvents(topics);
    TestKafka.createTopics(topics.all().toArray(String[]::new));
    Map<String, Event<?>> sent = new LinkedHashMap<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (EventData data : EventSamples.everyType()) {
        Event<?> event = EventSamples.event(data);
        sent.put(event.type().topic(), event);
        producer.send(cloudEvents.encode(event)).get();
      }
    }
    assertThat(sent).hasSize(EventType.values().length);

    for (ConsumerRecord<String, byte[]> record : read(topics, sent.size())) {
      String topic = record.topic().substring(topics.prefix().length());
      assertThat(faults(topic, new String(record.value(), StandardCharsets.UTF_8)))
          .as("%s does not fit its schema", topic)
          .isEmpty();
      assertThat(cloudEvents.decode(record)).isEqualTo(sent.get(topic));
    }
  }

  @Test
  void the_documented_request_fits_the_schema() {
    String documented =
        """
        {"workload": "shop", "tag": "1.4.0", "extraTags": ["latest"],
         "source": {"repository": "git@github.com:acme/shop.git", "revision": "refs/tags/1.4.0"},
         "services": [{"name": "api", "context": "services/api",
                       "dockerfile": "services/api/Dockerfile", "buildArgs": {}, "target": null},
                      {"name": "web", "retagFrom": "latest"}],
         "cache": true, "mirror": true}
        """;

    assertThat(faults("build-requested", documented)).isEmpty();
    assertThat(faults("build-requested", documented.replace("\"tag\"", "\"tga\""))).isNotEmpty();
    assertThat(faults("build-finished", "{\"outcome\": \"maybe\"}")).isNotEmpty();
  }

  /** As strict validators want it, such as Ajv's {@code strictRequired}. */
  @Test
  void schemas_describe_beside_it_whatever_they_require() throws Exception {
    for (EventType type : EventType.values()) {
      String file = "schema/" + type.topic() + ".json";
      try (InputStream json = EventType.class.getResourceAsStream(file)) {
        for (JsonNode schema : new ObjectMapper().readTree(json).findParents("required")) {
          for (JsonNode name : schema.get("required")) {
            assertThat(schema.path("properties").has(name.asText()))
                .as("%s describes %s where it requires it", file, name)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void the_asyncapi_document_names_exactly_our_topics_and_types() throws Exception {
    JsonNode document;
    try (InputStream yaml = getClass().getResourceAsStream("/asyncapi.yaml")) {
      document = new YAMLMapper().readTree(yaml);
    }
    Map<String, String> documented = new TreeMap<>();
    List<String> schemas = new ArrayList<>();
    for (JsonNode channel : document.get("channels")) {
      String message = channel.get("messages").iterator().next().get("$ref").asText();
      JsonNode described = document.at(message.substring(1));
      documented.put(channel.get("address").asText(), described.get("name").asText());
      if (described.has("payload")) {
        schemas.add(described.at("/payload/schema/$ref").asText());
      }
    }

    Topics topics = new Topics("tarkiln.");
    Map<String, String> inCode = new TreeMap<>();
    for (EventType type : EventType.values()) {
      inCode.put(topics.of(type), type.cloudEventsType());
    }
    inCode.put(topics.deadLetter(), Topics.DEAD_LETTER);
    assertThat(documented).isEqualTo(inCode);
    assertThat(schemas)
        .hasSize(EventType.values().length)
        .allSatisfy(path -> assertThat(getClass().getResource("/" + path)).isNotNull());
  }

  private static List<String> faults(String topic, String json) {
    Schema schema = REGISTRY.getSchema(SchemaLocation.of(SCHEMAS + topic + ".json"));
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  private static List<ConsumerRecord<String, byte[]>> read(Topics topics, int count) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", TestKafka.bootstrapServers(),
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(new TreeSet<>(topics.all()));
      Instant end = Instant.now().plusSeconds(60);
      while (records.size() < count && Instant.now().isBefore(end)) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    assertThat(records).hasSize(count);
    return records;
  }
}
