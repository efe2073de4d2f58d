package io.tarkiln.cli;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.deadletter.DeadLettersCommand;
import io.tarkiln.cli.doctor.DoctorCommand;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.trial.TryCommand;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The top command. Errors are one sentence on stderr. */
@Command(
    name = "tarkiln",
    description = "Builds container images from events on Kafka.",
    mixinStandardHelpOptions = true,
    version = "tarkiln 0.1.0",
    footer = {
      "",
      "Exit codes: 0 succeeded, 1 the build or command failed, 2 wrong usage,",
      "            3 could not reach something or timed out.",
      "",
      "Examples:",
      "  tarkiln try",
      "  tarkiln up",
      "  tarkiln build --workload shop --tag 1.4.0 --repository https://git.example/shop.git \\",
      "    --revision main --service api=services/api"
    })
public final class Tarkiln implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          TryCommand.class,
          UpCommand.class,
          BuildCommand.class,
          PublishCommand.class,
          WatchCommand.class,
          LogsCommand.class,
          ListCommand.class,
          ShowCommand.class,
          RewriteCommand.class,
          PushCommand.class,
          ReplayCommand.class,
          CancelCommand.class,
          DeadLettersCommand.class,
          LifecycleCommand.class,
          DoctorCommand.class);

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** Knows the command that the arguments begin with, or all: to learn one takes time. */
  static CommandLine commandLine(String... arguments) {
    CommandLine top = new CommandLine(new Tarkiln());
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
            .toList();
    (named.isEmpty() ? COMMANDS : named)
        .forEach(command -> top.addSubcommand(name(command), command));
    return top.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command))
        .setParameterExceptionHandler(Tarkiln::report);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: see --help");
  }

  private static int report(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command
        .getErr()
        .printf(
            "%s: %s (see %1$s --help)%n",
            command.getCommandSpec().qualifiedName(), wrong.getMessage());
    return CliException.WRONG_USAGE;
  }

  private static int report(Exception failure, CommandLine command) {
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
      return rejected.getMessage() + " (" + rejected.reason().wire() + ")";
    }
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getMessage().lines().findFirst().orElse("");
  }
}
