package io.tarkiln.cli.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.event.EventType;
import io.tarkiln.event.json.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code deadletters retry} command: sends a dead letter to where it came from. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sends a record again to the topic that it came from.",
      "It keeps its key, value and headers but for what is repaired. What would only come back is"
          + " refused."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln deadletters retry 2-17 --data request.json",
      "  tarkiln deadletters retry 2-17 --header ce_specversion=1.0"
    })
final class DeadLetterRetryCommand implements Callable<Integer> {
  private static final String OURS = "dead-letter-";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      converter = DeadLetterId.Converter.class,
      description = "as `deadletters list` shows it")
  private DeadLetterId id;

  @Option(names = "--data", paramLabel = "FILE", description = "the repaired value")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "a repaired header; repeatable")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(names = "--key", paramLabel = "KEY", description = "the repaired key, a build id")
  private Optional<String> key = Optional.empty();

  @Override
  public Integer call() throws CliException {
    KafkaAccess kafka = new KafkaAccess(UserSettings.ofUser());
    DeadLetter letter = new DeadLetterTopic(kafka).at(id);
    ProducerRecord<String, byte[]> repaired = repaired(letter);
    if (!kafka.topics().all().contains(repaired.topic())) {
      throw new CliException(
          CliException.FAILED,
          "dead letter %s does not say that it came from a topic of ours".formatted(id));
    }
    requireReadable(kafka, repaired);
    kafka.send(List.of(repaired));
    spec.commandLine().getErr().printf("sent %s to %s%n", id, repaired.topic());
    spec.commandLine().getErr().flush();
    return 0;
  }

  private ProducerRecord<String, byte[]> repaired(DeadLetter letter) throws CliException {
    RecordHeaders repaired = new RecordHeaders();
    for (Header header : letter.record().headers()) {
      if (!header.key().startsWith(OURS) && !headers.containsKey(header.key())) {
        repaired.add(header);
      }
    }
    headers.forEach((name, value) -> repaired.add(name, value.getBytes(UTF_8)));
    return new ProducerRecord<>(
        letter.topic(), null, key.orElse(letter.record().key()), value(letter), repaired);
  }

  private byte[] value(DeadLetter letter) throws CliException {
    if (data.isEmpty()) {
      return letter.record().value();
    }
    try {
      return Files.readAllBytes(data.get());
    } catch (IOException unreadable) {
      throw new CliException(CliException.WRONG_USAGE, "cannot read " + data.get(), unreadable);
    }
  }

  private void requireReadable(KafkaAccess kafka, ProducerRecord<String, byte[]> repaired)
      throws CliException {
    EventType type;
    try {
      type = kafka.cloudEvents().decode(asRead(repaired)).type();
    } catch (UnreadableException still) {
      throw new CliException(
          CliException.FAILED,
          "it is not readable yet: %s; repair it with --data, --header or --key"
              .formatted(still.getMessage()),
          still);
    }
    if (!kafka.topics().of(type).equals(repaired.topic())) {
      throw new CliException(
          CliException.FAILED,
          "%s does not belong on %s: repair ce_type with --header, or publish it to %s"
              .formatted(type.cloudEventsType(), repaired.topic(), kafka.topics().of(type)));
    }
  }

  private ConsumerRecord<String, byte[]> asRead(ProducerRecord<String, byte[]> repaired) {
    return new ConsumerRecord<>(
        repaired.topic(),
        id.partition(),
        id.offset(),
        System.currentTimeMillis(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        repaired.key(),
        repaired.value(),
        repaired.headers(),
        Optional.empty());
  }
}
