package io.tarkiln.cli;

import io.tarkiln.cli.session.Printable;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence what is wrong with the arguments, with the nearest name that there is. */
final class UsageError {
  /** As in {@code lsit} for list: more would be another word. */
  private static final double MIN_SIMILARITY = 0.3;

  private UsageError() {}

  static String sentence(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return Printable.line(wrong);
    }
    String first = unmatched.getUnmatched().get(0);
    CommandLine command = unmatched.getCommandLine();
    if (unmatched.isUnknownOption()) {
      String name = first.replaceFirst("=.*", "");
      Set<String> options = command.getCommandSpec().optionsMap().keySet();
      return "there is no option '%s'%s".formatted(Printable.line(name), nearest(name, options));
    }
    return command.getSubcommands().isEmpty()
        ? "'%s' is one argument too many".formatted(Printable.line(first))
        : noCommand(first, command.getSubcommands().keySet());
  }

  /** That there is no such command among these. */
  static String noCommand(String name, Collection<String> commands) {
    return "there is no command '%s'%s".formatted(Printable.line(name), nearest(name, commands));
  }

  private static String nearest(String name, Collection<String> known) {
    Optional<String> nearest =
        known.stream()
            .filter(each -> similarity(name, each) >= MIN_SIMILARITY)
            .max(Comparator.comparingDouble(each -> similarity(name, each)));
    return nearest.map("; the nearest is '%s'"::formatted).orElse("");
  }

  /** Dice's coefficient of the letters and pairs of letters that two names have in common. */
  private static double similarity(String one, String other) {
    Set<String> first = parts(one);
    Set<String> second = parts(other);
    int size = first.size() + second.size();
    first.retainAll(second);
    return size == 0 ? 0 : 2.0 * first.size() / size;
  }

  private static Set<String> parts(String name) {
    String bare = name.replaceFirst("^-+", "");
    Set<String> parts = new HashSet<>();
    for (int i = 0; i < bare.length(); i++) {
      parts.add(bare.substring(i, i + 1));
      parts.add(bare.substring(i, Math.min(bare.length(), i + 2)));
    }
    return parts;
  }
}
