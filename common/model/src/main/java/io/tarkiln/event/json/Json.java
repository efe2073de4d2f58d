package io.tarkiln.event.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;

/**
 * Our one way to read and write JSON: unknown fields are ignored, absent ones left out. A record
 * with a field that stands twice is refused, as readers differ in which of the two they take.
 */
public final class Json {
  private static final int DEEPEST_NESTING = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST_NESTING).build())
                  .build())
          .addModule(new Jdk8Module())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Json() {}

  /** Writes compact JSON in UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException defect) {
      throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", defect);
    }
  }

  /** The same in the one way that equal values are written: maps in the order of their keys. */
  public static byte[] canonicalBytes(Object value) {
    try {
      return MAPPER
          .writer()
          .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .writeValueAsBytes(value);
    } catch (JsonProcessingException defect) {
      throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", defect);
    }
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableException that names the fault without quoting the whole text
   */
  public static <T> T read(byte[] json, Class<T> type) throws UnreadableException {
    T value;
    try {
      value =
          MAPPER.readerFor(type).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION).readValue(json);
    } catch (JsonMappingException broken) {
      throw new UnreadableException(fault(broken), broken);
    } catch (JsonProcessingException broken) {
      throw new UnreadableException("not JSON: " + broken.getOriginalMessage(), broken);
    } catch (IOException broken) {
      throw new UnreadableException("not JSON: " + broken.getMessage(), broken);
    }
    if (value == null) {
      throw new UnreadableException("the data is null");
    }
    return value;
  }

  private static String fault(JsonMappingException broken) {
    Throwable cause = broken.getCause();
    return cause instanceof IllegalArgumentException
        ? String.valueOf(cause.getMessage())
        : broken.getOriginalMessage();
  }

  /** The mapper, for what is not an event: read it, never configure it. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }
}
