package io.tarkiln.e2e.malformed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tarkiln.build.BuildId;
import io.tarkiln.event.EventType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Records of which no image may come, made from a seed: a good record of some type, of which
 * something is broken.
 */
final class BadRecords {
  /** What the stack's broker takes, in bytes. */
  static final int MAX_RECORD = 3 << 19;

  private static final int MEBIBYTE = 1 << 20;
  private static final int ALMOST_MEBIBYTE = 900_000;
  private static final int MAX_SIZE = 1_500_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Random random;
  private final String prefix;
  private final Map<EventType, ValidData> templates;
  private int made;

  /** What is done to a record. */
  enum Fault {
    NOT_JSON,
    BINARY,
    WRONG_TYPE,
    MISSING_FIELD,
    MISSING_HEADER,
    FUTURE_VERSION,
    BAD_KEY,
    HUGE,
    HOSTILE_NAME,
    HOSTILE_PATH,
    HOSTILE_SOURCE,
    NOTHING_THERE
  }

  /**
   * A record to send.
   *
   * @param build the id that an outcome would have
   */
  record Bad(
      int number,
      EventType type,
      Fault fault,
      BuildId build,
      ProducerRecord<byte[], byte[]> record) {}

  private static final class Draft {
    private Optional<byte[]> key;
    private Optional<byte[]> value;
    private final Map<String, byte[]> headers = new TreeMap<>();
    private final ObjectNode json;

    Draft(BuildId build, EventType type, String json) {
      this.key = Optional.of(bytes(build.toString()));
      this.value = Optional.empty();
      this.json = tree(json);
      headers.put("ce_specversion", bytes("1.0"));
      headers.put("ce_id", bytes(build + "/" + type.topic()));
      headers.put("ce_source", bytes("/ci/test"));
      headers.put("ce_type", bytes(type.cloudEventsType()));
    }

    void value(byte[] bytes) {
      value = Optional.of(bytes);
    }

    byte[] text() {
      return bytes(json.toString());
    }
  }

  /** Records for the topics with this prefix; good sources come from the repository. */
  BadRecords(long seed, String prefix, String repository) {
    this.random = new Random(seed);
    this.prefix = prefix;
    this.templates = ValidData.ofAllTypes(repository);
  }

  /** The next one. */
  Bad next() {
    int number = made++;
    EventType type = any(List.copyOf(templates.keySet()));
    ValidData good = templates.get(type);
    BuildId build = BuildId.next();
    Draft draft = new Draft(build, type, good.json());
    Fault fault = good.faults().get(random.nextInt(good.faults().size()));
    spoil(draft, fault, good, type);
    RecordHeaders headers = new RecordHeaders();
    draft.headers.forEach(headers::add);
    return new Bad(
        number,
        type,
        fault,
        build,
        new ProducerRecord<>(
            prefix + type.topic(),
            null,
            draft.key.orElse(null),
            draft.value.orElseGet(draft::text),
            headers));
  }

  private void spoil(Draft draft, Fault fault, ValidData good, EventType type) {
    switch (fault) {
      case NOT_JSON -> draft.value(notJson(draft.text()));
      case BINARY -> draft.value(noise(random.nextInt(4096)));
      case WRONG_TYPE -> wrongType(draft.json);
      case MISSING_FIELD -> remove(draft.json, any(good.required()));
      case MISSING_HEADER -> missingHeader(draft);
      case FUTURE_VERSION -> future(draft, type);
      case BAD_KEY -> badKey(draft);
      case HUGE -> huge(draft, good.names().isEmpty());
      case HOSTILE_NAME -> put(draft.json, any(good.names()), any(HostileTexts.NAMES));
      case HOSTILE_PATH -> hostilePath(draft.json, any(good.paths()));
      case HOSTILE_SOURCE -> hostileSource(draft.json);
      case NOTHING_THERE -> {}
    }
  }

  private byte[] notJson(byte[] good) {
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
      case 1 -> bytes(new String(good, UTF_8) + "}");
      case 2 -> bytes("[".repeat(random.nextInt(MEBIBYTE / 8)));
      case 3 -> bytes("{\"a\":".repeat(100 + random.nextInt(1000)));
      case 4 -> bytes(any(List.of("", "null", "true", "17", "\"text\"", "[]", "{", "NaN")));
      default -> {
        byte[] broken = good.clone();
        broken[1 + random.nextInt(good.length / 4)] = (byte) 0xff;
        yield Arrays.copyOf(broken, good.length - 1);
      }
    };
  }

  /** Puts something in the place of any field that cannot be read as what belongs there. */
  private void wrongType(ObjectNode json) {
    List<String> pointers = new ArrayList<>();
    collect(json, "", pointers);
    String pointer = any(pointers);
    JsonNode old = json.at(pointer);
    String other;
    if (old.isTextual()) {
      other = any(List.of("{\"a\": [1]}", "[[1]]", "[]"));
    } else if (old.isArray()) {
      other = any(List.of("{\"a\": 1}", "\"text\"", "[[[]]]", "[null]"));
    } else if (old.isObject()) {
      other = any(List.of("\"text\"", "17", "[1]"));
    } else {
      other = any(List.of("\"maybe\"", "{}", "[]"));
    }
    putJson(json, pointer, other);
  }

  private static void collect(JsonNode node, String pointer, List<String> into) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      into.add(pointer + "/" + field.getKey());
      collect(field.getValue(), pointer + "/" + field.getKey(), into);
    }
  }

  private void missingHeader(Draft draft) {
    String name = any(List.of("ce_specversion", "ce_id", "ce_source", "ce_type"));
    if (random.nextBoolean()) {
      draft.headers.remove(name);
    } else {
      draft.headers.put(name, new byte[0]);
    }
  }

  private void future(Draft draft, EventType type) {
    switch (random.nextInt(3)) {
      case 0 -> draft.headers.put("ce_specversion", bytes(any(List.of("2.0", "1.1", "0.3", "x"))));
      case 1 ->
          draft.headers.put(
              "ce_type", bytes(type.cloudEventsType().replaceAll("\\d+$", "" + any(2, 1000))));
      default ->
          draft.headers.put(
              "ce_type", bytes(any(List.of("io.other.v1", "\u0000", "x y", "../v1"))));
    }
  }

  private void badKey(Draft draft) {
    switch (random.nextInt(6)) {
      case 0 -> draft.key = Optional.of(noise(1 + random.nextInt(64)));
      case 1 -> draft.key = Optional.of(bytes("f81d4fae-7dec-41d0-a765-00a0c91e6bf6"));
      case 2 -> draft.key = Optional.of(bytes(any(HostileTexts.NAMES)));
      case 3 -> {
        draft.key = Optional.empty();
        draft.headers.put("ce_id", bytes("not-a-build/x"));
      }
      case 4 -> draft.headers.put("ce_time", bytes(any(List.of("yesterday", "0", "9999-99-99"))));
      default -> draft.headers.put("ce_rebuildof", bytes(any(List.of("x", "../y", "\u0000"))));
    }
  }

  private void huge(Draft draft, boolean isAnyNameRead) {
    switch (random.nextInt(isAnyNameRead ? 7 : 9)) {
      case 0 -> draft.value(noise(any(MEBIBYTE + 1, MAX_SIZE)));
      case 1 -> draft.value(noise(any(MEBIBYTE - 500, MEBIBYTE)));
      case 2 -> draft.value(bytes(draft.json + " ".repeat(any(MEBIBYTE, MAX_SIZE))));
      case 3 -> draft.headers.put("ce_type", bytes("x".repeat(any(500_000, ALMOST_MEBIBYTE))));
      case 4 -> draft.key = Optional.of(bytes("k".repeat(any(200_000, ALMOST_MEBIBYTE))));
      case 5 -> {
        draft.headers.put("ce_specversion", bytes("2.0"));
        for (int i = 0; i < 1000; i++) {
          draft.headers.put("x-" + i, noise(1000));
        }
      }
      // Kafka takes it, and no dead letter with all of it.
      case 6 -> draft.value(noise(MAX_RECORD - any(300, 360)));
      case 7 -> put(draft.json, "/workload", "w\u0001".repeat(any(100, 80_000)));
      default -> {
        put(draft.json, "/tag", "t ".repeat(any(100_000, 250_000)));
        putJson(draft.json, "/workload", "{\"w\": \"%s\"}".formatted("w".repeat(400_000)));
      }
    }
  }

  private void hostilePath(ObjectNode json, String pointer) {
    put(json, pointer, any(pointer.endsWith("Key") ? HostileTexts.KEYS : HostileTexts.PATHS));
  }

  private void hostileSource(ObjectNode json) {
    switch (random.nextInt(6)) {
      case 0 -> put(json, "/source/repository", any(HostileTexts.ADDRESSES));
      case 1 -> put(json, "/source/revision", any(HostileTexts.REVISIONS));
      case 2 -> put(json, "/source/revision", "r".repeat(any(1000, ALMOST_MEBIBYTE)));
      case 3 ->
          putJson(
              json,
              "/services/0/buildArgs",
              JSON.createObjectNode().put(any(HostileTexts.ARGUMENTS), "x").toString());
      case 4 -> {
        String service = json.at("/services/0").toString();
        putJson(json, "/services", "[%s,%s]".formatted(service, service));
      }
      default -> {
        List<String> many = new ArrayList<>();
        for (int i = 0; i <= 1000; i++) {
          many.add("{\"name\": \"s%d\"}".formatted(i));
        }
        putJson(json, "/services", many.toString());
      }
    }
  }

  private static void put(ObjectNode json, String pointer, String text) {
    putJson(json, pointer, JSON.valueToTree(text).toString());
  }

  private static void putJson(ObjectNode json, String pointer, String value) {
    int last = pointer.lastIndexOf('/');
    JsonNode parent = json.at(pointer.substring(0, last));
    String field = pointer.substring(last + 1);
    JsonNode node = parse(value);
    if (parent instanceof ObjectNode object) {
      object.set(field, node);
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(field), node);
    }
  }

  private static void remove(ObjectNode json, String pointer) {
    int last = pointer.lastIndexOf('/');
    ((ObjectNode) json.at(pointer.substring(0, last))).remove(pointer.substring(last + 1));
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private int any(int least, int most) {
    return least + random.nextInt(most - least);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static ObjectNode tree(String json) {
    return (ObjectNode) parse(json);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException defect) {
      throw new IllegalStateException(json, defect);
    }
  }
}
