package io.tarkiln.dockerfile.kaniko;

import static io.tarkiln.dockerfile.kaniko.Findings.cannot;

import io.tarkiln.dockerfile.Dockerfile;
import io.tarkiln.dockerfile.edit.CopyInstruction;
import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.edit.Operands;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Edits what becomes the image's configuration: EXPOSE, LABEL and HEALTHCHECK. */
final class ConfigurationEdits {
  private static final int MAX_PORTS = 1000;
  private static final Pattern PORTS =
      Pattern.compile("(?:.*:)?([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/([A-Za-z]+))?");

  private ConfigurationEdits() {}

  static void edit(Instruction one, BuildRequest request, Edits edits, Findings findings) {
    switch (one.keyword()) {
      case "EXPOSE" -> expose(one, edits, findings);
      case "LABEL" -> {
        if (request.cache()) {
          one.words().forEach(word -> label(one, word, edits));
        }
      }
      case "HEALTHCHECK" -> {
        if (CopyInstruction.flag(one, "--start-interval").isPresent()) {
          findings.differs(
              one,
              "start-interval",
              "Kaniko leaves HEALTHCHECK --start-interval out of the image: use --interval and"
                  + " --start-period");
        }
      }
      default -> {}
    }
  }

  /** Kaniko writes ports as they stand, ranges too, and knows tcp and udp in lower case only. */
  private static void expose(Instruction expose, Edits edits, Findings findings) {
    Operands operands = Operands.of(expose);
    for (Operands.Word word : operands.words()) {
      String text = Dockerfile.literal(word.text()).orElse("");
      Matcher ports = PORTS.matcher(text);
      if (ports.matches()) {
        List<String> single = single(expose, ports);
        if (!single.equals(List.of(text))) {
          operands.replace(word, single, edits);
        }
      } else if (text.isEmpty() && word.text().matches(".*/[A-Za-z]*[A-Z][A-Za-z]*\"?")) {
        int slash = word.text().lastIndexOf('/');
        String protocol = word.text().substring(slash).toLowerCase(Locale.ROOT);
        operands.replace(word, List.of(word.text().substring(0, slash) + protocol), edits);
      } else if (text.isEmpty()
          && word.text().matches("[^:{]*-[^}]*|.*[}0-9A-Za-z_]-\\$.*|.*}-[0-9$].*")) {
        findings.differs(
            expose,
            "expose-range",
            "Kaniko writes %s into the image as it stands, with no ports of a range: write the ports"
                .formatted(word.text()));
      }
    }
  }

  private static List<String> single(Instruction expose, Matcher ports) {
    String protocol = ports.group(3) == null ? "" : "/" + ports.group(3).toLowerCase(Locale.ROOT);
    if (protocol.equals("/sctp")) {
      throw cannot(expose, "expose-sctp", "Kaniko exposes no ports of sctp: leave them out");
    }
    String first = String.valueOf(Integer.parseInt(ports.group(1)));
    if (ports.group(2) == null) {
      return List.of(first + protocol);
    }
    int from = Integer.parseInt(first);
    int to = Integer.parseInt(ports.group(2));
    if (to - from >= MAX_PORTS) {
      throw cannot(
          expose,
          "expose-range",
          "Kaniko knows no ranges of ports, and %s-%s has more than %d: name the ports that are used"
              .formatted(first, ports.group(2), MAX_PORTS));
    }
    List<String> all = new ArrayList<>();
    for (int port = from; port <= to; port++) {
      all.add(port + protocol);
    }
    return all.isEmpty() ? List.of(ports.group()) : all;
  }

  /**
   * With its cache, Kaniko takes quotes and variables out of LABEL's values twice ({@code
   * pkg/commands/label.go} writes the result back into the instruction), so they are put in twice.
   */
  private static void label(Instruction label, Token word, Edits edits) {
    int equals = word.text().indexOf('=');
    if (equals < 1) {
      return;
    }
    String value = word.text().substring(equals + 1);
    Optional<String> literal = Dockerfile.literal(value);
    if (literal.isPresent() && literal.get().matches("(?s).*[\\\\'\"$].*")) {
      String once = literal.get().replaceAll("([\\\\'\"$])", "\\\\$1");
      String twice = '"' + once.replaceAll("([\\\\\"$])", "\\\\$1") + '"';
      Token.Range range = word.operand(equals + 1, word.text().length()).range();
      edits.replace(range.start(), range.end(), twice);
    } else if (literal.isEmpty() && value.matches("(?s).*(\\\\|\"[^\"]*'|'[^']*\").*")) {
      throw cannot(
          label,
          "label-quotes",
          "Kaniko takes quotes and backslashes out of a LABEL's value twice, and this one has"
              + " variables as well: leave the inner quotes out");
    }
  }
}
