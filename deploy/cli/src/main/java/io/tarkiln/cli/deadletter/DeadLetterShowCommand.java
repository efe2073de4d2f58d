package io.tarkiln.cli.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.KafkaAccess;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.UserSettings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The {@code deadletters show} command: shows one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a record that no service could read.",
      "Its value goes to stdout, byte for byte, its key and headers to stderr."
    },
    footer = {
      "",
      "Examples:",
      "  tarkiln deadletters show 2-17",
      "  tarkiln deadletters show 2-17 > request.json"
    })
final class DeadLetterShowCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      converter = DeadLetterId.Converter.class,
      description = "as `deadletters list` shows it")
  private DeadLetterId id;

  @Override
  public Integer call() throws CliException {
    DeadLetter letter = new DeadLetterTopic(new KafkaAccess(UserSettings.ofUser())).at(id);
    PrintWriter err = spec.commandLine().getErr();
    err.printf("key: %s%n", Printable.line(String.valueOf(letter.record().key())));
    for (Header header : letter.record().headers()) {
      String value = header.value() == null ? "" : new String(header.value(), UTF_8);
      err.printf("%s: %s%n", Printable.line(header.key()), Printable.line(value));
    }
    err.flush();
    if (letter.record().value() != null) {
      // Around the writer, which would put these bytes through a character set.
      System.out.write(letter.record().value(), 0, letter.record().value().length);
      System.out.flush();
    }
    return 0;
  }
}
