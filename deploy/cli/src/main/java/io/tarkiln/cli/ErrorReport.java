package io.tarkiln.cli;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.Printable;
import io.tarkiln.cli.session.StandardOutput;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** One sentence on stderr for whatever ends a command, and its exit code. */
final class ErrorReport {
  /** Of a program that a pipe's reader has left, as shells know it: 128 and SIGPIPE. */
  static final int READER_GONE = 141;

  private ErrorReport() {}

  static int of(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command
        .getErr()
        .printf(
            "%s: %s (see %1$s --help)%n",
            command.getCommandSpec().qualifiedName(), UsageError.sentence(wrong));
    return CliException.WRONG_USAGE;
  }

  static int of(Exception failure, CommandLine command) {
    if (failure instanceof StandardOutput.LostException lost && lost.isReaderGone()) {
      return READER_GONE;
    }
    command
        .getErr()
        .printf("%s: %s%n", command.getCommandSpec().qualifiedName(), sentence(failure));
    if (failure instanceof CliException known) {
      return known.exit();
    } else if (failure instanceof UnavailableException || failure instanceof KafkaException) {
      return CliException.UNREACHABLE;
    } else if (failure instanceof IllegalArgumentException) {
      return CliException.WRONG_USAGE;
    }
    return CliException.FAILED;
  }

  private static String sentence(Exception failure) {
    if (failure instanceof RejectedException rejected) {
      return Printable.line(rejected.getMessage() + " (" + rejected.reason().wire() + ")");
    }
    return Printable.line(failure);
  }
}
