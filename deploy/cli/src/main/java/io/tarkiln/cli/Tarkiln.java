package io.tarkiln.cli;

import io.tarkiln.build.BuildId;
import io.tarkiln.cli.deadletter.DeadLettersCommand;
import io.tarkiln.cli.doctor.DoctorCommand;
import io.tarkiln.cli.session.BuildIdConverter;
import io.tarkiln.cli.session.DurationConverter;
import io.tarkiln.cli.session.StandardOutput;
import io.tarkiln.cli.trial.TryCommand;
import io.tarkiln.cli.up.UpCommand;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The top command, which knows all others. */
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
      "  tarkiln build --workload shop --tag 1.4.0 --revision main \\",
      "    --repository https://git.example/shop.git --service api=services/api",
      "  tarkiln help build"
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
          DoctorCommand.class,
          CompletionCommand.class,
          HelpCommand.class);

  /** Those that must know all the others. */
  private static final Set<String> OVER_ALL = Set.of("completion", "help");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] arguments) {
    StandardOutput.install();
    System.exit(commandLine(arguments).execute(arguments));
  }

  /** Knows the command that the arguments begin with, or all: to learn one takes time. */
  static CommandLine commandLine(String... arguments) {
    CommandLine top = new CommandLine(new Tarkiln());
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
            .filter(command -> !OVER_ALL.contains(name(command)))
            .toList();
    (named.isEmpty() ? COMMANDS : named)
        .forEach(command -> top.addSubcommand(name(command), command));
    return top.registerConverter(BuildId.class, new BuildIdConverter())
        .registerConverter(Duration.class, new DurationConverter())
        .setExecutionStrategy(Tarkiln::run)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> ErrorReport.of(failure, command))
        .setParameterExceptionHandler(ErrorReport::of);
  }

  static List<String> commandNames() {
    return COMMANDS.stream().map(Tarkiln::name).toList();
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** As usual; what --help prints may be lost, too, and that is outside of all commands. */
  private static int run(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (StandardOutput.LostException lost) {
      return ErrorReport.of(lost, parsed.commandSpec().commandLine());
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command, such as build or list");
  }
}
