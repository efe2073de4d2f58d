package io.tarkiln.e2e.malformed;

import io.tarkiln.e2e.malformed.BadRecords.Bad;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A bad record that was sent, and what must have become of it.
 *
 * @param size of key, value and headers, in bytes
 * @param valueSize of the value alone
 * @param hash of the value
 */
record SentRecord(int number, String what, int size, int valueSize, int hash, List<Kept> headers) {
  private static final int MAX_REASON = 10_000;

  /** A dead letter has no more room than this for its reason and where it came from. */
  private static final int ROOM = 16 << 10;

  /** A dead letter without its value keeps headers up to this, in bytes. */
  private static final int SMALL = 1024;

  /** They tell of a fault of ours or of our servers, not of the record. */
  private static final Set<String> NO_REFUSALS = Set.of("internal-error", "unavailable", "timeout");

  /**
   * A header.
   *
   * @param size in bytes
   * @param hash of its value
   */
  record Kept(String name, int size, int hash) {
    /** The headers of a record but those that a dead letter has beside them. */
    static List<Kept> of(Headers headers) {
      return StreamSupport.stream(headers.spliterator(), false)
          .filter(each -> !each.key().startsWith("dead-letter-"))
          .map(
              each ->
                  new Kept(
                      each.key(),
                      each.key().length() + each.value().length,
                      Arrays.hashCode(each.value())))
          .toList();
    }
  }

  static SentRecord of(Bad bad) {
    ProducerRecord<byte[], byte[]> record = bad.record();
    List<Kept> headers = Kept.of(record.headers());
    int key = record.key() == null ? 0 : record.key().length;
    int value = record.value().length;
    return new SentRecord(
        bad.number(),
        bad.number() + " " + bad.type() + " " + bad.fault(),
        key + value + headers.stream().mapToInt(Kept::size).sum(),
        value,
        Arrays.hashCode(record.value()),
        headers);
  }

  /** What is wrong with how it ended. */
  Optional<String> problem(List<RecordOutcomes.Ending> endings) {
    RecordOutcomes.Ending ending = endings.get(0);
    if (endings.size() > 1) {
      return wrong("it ended more than once: " + endings);
    }
    if (ending.reason().isBlank() || ending.reason().length() > MAX_REASON) {
      return wrong("no reason that helps: " + ending);
    }
    if (ending instanceof RecordOutcomes.PutAside letter) {
      return letter.leftOut().isEmpty() ? whole(letter) : withoutValue(letter);
    }
    RecordOutcomes.Ended ended = (RecordOutcomes.Ended) ending;
    return ended.outcome().equals("failed") && !NO_REFUSALS.contains(ended.code())
        ? Optional.empty()
        : wrong("it was not refused: " + ended);
  }

  private Optional<String> whole(RecordOutcomes.PutAside letter) {
    return letter.hash() == hash ? differing(letter, headers) : wrong("its bytes are others");
  }

  private Optional<String> withoutValue(RecordOutcomes.PutAside letter) {
    if (size + ROOM < BadRecords.MAX_RECORD) {
      return wrong("its value is left out, and there was room: it has %d bytes".formatted(size));
    }
    if (!letter.leftOut().equals(Integer.toString(valueSize))) {
      return wrong(
          "the value left out has %d bytes, not '%s'".formatted(valueSize, letter.leftOut()));
    }
    return differing(letter, headers.stream().filter(each -> each.size() <= SMALL).toList());
  }

  private Optional<String> differing(RecordOutcomes.PutAside letter, List<Kept> expected) {
    if (letter.headers().equals(expected)) {
      return Optional.empty();
    }
    List<Kept> lost = new ArrayList<>(expected);
    lost.removeAll(letter.headers());
    List<Kept> added = new ArrayList<>(letter.headers());
    added.removeAll(expected);
    return wrong("of %d headers %s are lost, %s are new".formatted(expected.size(), lost, added));
  }

  private Optional<String> wrong(String how) {
    return Optional.of(what + ": " + how);
  }
}
