package io.tarkiln.e2e.document;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command of {@code tarkiln} as a page shows it.
 *
 * @param command such as {@code build} or {@code deadletters retry}
 * @param options that it is given, such as {@code --tag}
 */
public record Invocation(String command, List<String> options) {
  private static final Pattern TARKILN =
      Pattern.compile(
          "(?m)(?:^|[|;(])\\s*(?:\\$ )?(?:[A-Z_]+=\\S+ +)*(?:deploy/)?tarkiln +([a-z]+)([^|;#)\\n"
              + "]*)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--?[a-z][a-z-]*");

  /** The commands in a block of a shell or in a span. */
  public static Stream<Invocation> in(String shell) {
    return TARKILN
        .matcher(shell.replace("\\\n", " "))
        .results()
        .map(found -> of(found.group(1), found.group(2)));
  }

  private static Invocation of(String command, String rest) {
    Optional<String> nested =
        command.equals("deadletters")
            ? Stream.of(rest.strip().split("\\s+"))
                .filter(word -> word.matches("[a-z]+"))
                .findFirst()
            : Optional.empty();
    return new Invocation(
        nested.map(word -> command + " " + word).orElse(command),
        OPTION.matcher(rest).results().map(found -> found.group()).toList());
  }
}
