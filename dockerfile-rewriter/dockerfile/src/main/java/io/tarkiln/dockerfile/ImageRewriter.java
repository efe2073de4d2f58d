package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.InstructionParser;
import io.tarkiln.dockerfile.syntax.MountFields;
import io.tarkiln.dockerfile.syntax.ParseException;
import io.tarkiln.dockerfile.syntax.Token;
import io.tarkiln.dockerfile.variable.Expansion;
import io.tarkiln.dockerfile.variable.GlobalArguments;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Decides about every operand that can name an image: FROM, COPY --from and RUN --mount. */
final class ImageRewriter {
  private static final String SCRATCH = "scratch";
  private static final Set<String> NO_TRIGGERS = Set.of("FROM", "MAINTAINER", "ONBUILD");

  /**
   * A decision.
   *
   * @param range what the name replaces in the file
   * @param then what follows the name
   */
  record Decision(ImageOperand image, Token.Range range, String then) {
    /** What stands in the file afterwards, where the name is another. */
    String replacement() {
      return image.after() + then;
    }
  }

  private final ProxyMap proxies;
  private final List<Instruction> instructions;
  private final GlobalArguments arguments;
  private final Set<String> allStages = new HashSet<>();
  private final Set<String> earlierStages = new HashSet<>();
  private final List<Decision> decisions = new ArrayList<>();
  private int numberOfStages;
  private int stages;

  private ImageRewriter(
      InstructionParser read,
      ProxyMap proxies,
      Map<String, String> buildArgs,
      Map<String, String> platform) {
    this.proxies = proxies;
    this.instructions = read.all();
    this.arguments = new GlobalArguments(buildArgs, platform, read.escape());
  }

  static List<Decision> decide(
      InstructionParser read, ProxyMap proxies, Map<String, String> buildArgs)
      throws ParseException {
    return decide(read, proxies, buildArgs, Map.of());
  }

  /**
   * Decides.
   *
   * @param platform values of platform variables that the build does not give
   */
  static List<Decision> decide(
      InstructionParser read,
      ProxyMap proxies,
      Map<String, String> buildArgs,
      Map<String, String> platform)
      throws ParseException {
    ImageRewriter operands = new ImageRewriter(read, proxies, buildArgs, platform);
    operands.decideAll();
    return operands.decisions;
  }

  private void decideAll() throws ParseException {
    for (Instruction instruction : instructions) {
      if (instruction.keyword().equals("FROM")) {
        stageName(instruction).ifPresent(allStages::add);
        numberOfStages++;
      }
    }
    boolean trigger = false;
    for (Instruction instruction : instructions) {
      if (trigger && NO_TRIGGERS.contains(instruction.keyword())) {
        throw new ParseException(
            instruction.line(), instruction.keyword() + " is not allowed as an ONBUILD trigger");
      }
      switch (instruction.keyword()) {
        case "FROM" -> from(instruction);
        case "ARG" -> argument(instruction);
        case "COPY" -> copy(instruction, trigger);
        case "RUN" -> run(instruction, trigger);
        default -> requireStage(instruction);
      }
      trigger = instruction.keyword().equals("ONBUILD");
    }
    if (stages == 0) {
      throw new ParseException(1, "there is no FROM, so there is nothing to build");
    }
  }

  private void requireStage(Instruction instruction) throws ParseException {
    if (stages == 0) {
      throw new ParseException(
          instruction.line(), instruction.keyword() + " comes before the first FROM");
    }
  }

  private void argument(Instruction instruction) {
    if (stages == 0) {
      arguments.declare(instruction);
    }
  }

  private void from(Instruction instruction) throws ParseException {
    if (instruction.words().isEmpty()) {
      throw new ParseException(instruction.line(), "FROM names no image");
    }
    expanded(instruction, instruction.words().get(0).operand());
    stages++;
    stageName(instruction).ifPresent(earlierStages::add);
  }

  /** The lower-case name that AS gives. */
  private static Optional<String> stageName(Instruction from) throws ParseException {
    List<Token> words = from.words();
    if (words.size() == 1) {
      return Optional.empty();
    }
    if (words.size() != 3 || !words.get(1).text().equalsIgnoreCase("as")) {
      throw new ParseException(from.line(), "FROM takes an image, and perhaps AS and a name");
    }
    String name = words.get(2).text().toLowerCase(Locale.ROOT);
    if (!name.matches("[a-z][a-z0-9_.-]*")) {
      throw new ParseException(from.line(), "the stage's name must be letters, digits, -, _ and .");
    }
    return Optional.of(name);
  }

  private void copy(Instruction instruction, boolean trigger) throws ParseException {
    requireStage(instruction);
    for (Token flag : instruction.flags()) {
      if (flag.text().startsWith("--from=") && flag.text().length() > "--from=".length()) {
        Token.Operand operand = flag.operand("--from=".length(), flag.text().length());
        OptionalLong index = trigger ? OptionalLong.empty() : index(operand.text());
        if (index.isPresent()) {
          stage(instruction, operand, index.getAsLong());
        } else {
          literal(instruction, "COPY --from", operand, trigger);
        }
      }
    }
  }

  /** A number as Go reads it, which has 64 bits. */
  private static OptionalLong index(String text) {
    if (!text.matches("[+-]?[0-9]++")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  private void stage(Instruction instruction, Token.Operand operand, long index)
      throws ParseException {
    if (index < 0 || index >= numberOfStages) {
      throw new ParseException(
          instruction.line(), "there is no stage of index " + index + " to copy from");
    }
    left(instruction, "COPY --from", operand, RewriteReason.STAGE, "");
  }

  private void run(Instruction instruction, boolean trigger) throws ParseException {
    requireStage(instruction);
    for (Token flag : instruction.flags()) {
      if (flag.text().startsWith("--mount=")) {
        Optional<Token.Operand> operand = MountFields.from(flag, "--mount=".length());
        if (operand.isPresent()) {
          literal(instruction, "RUN --mount", operand.get(), trigger);
        }
      }
    }
  }

  /** A name in a flag, which knows no variables. */
  private void literal(
      Instruction instruction, String what, Token.Operand operand, boolean trigger) {
    String name = operand.text();
    if (trigger) {
      left(instruction, what, operand, RewriteReason.ONBUILD, "");
    } else if (allStages.contains(name.toLowerCase(Locale.ROOT))) {
      left(instruction, what, operand, RewriteReason.STAGE, "");
    } else if (name.indexOf('$') >= 0) {
      left(instruction, what, operand, RewriteReason.UNRESOLVED, name);
    } else {
      named(instruction, what, operand, name, Optional.of(name));
    }
  }

  private void expanded(Instruction instruction, Token.Operand operand) {
    String name;
    try {
      name = arguments.expand(operand.text());
    } catch (Expansion.UnresolvedException unresolved) {
      left(
          instruction,
          "FROM",
          operand,
          RewriteReason.UNRESOLVED,
          String.valueOf(unresolved.getMessage()));
      return;
    }
    if (earlierStages.contains(name.toLowerCase(Locale.ROOT))) {
      left(instruction, "FROM", operand, RewriteReason.STAGE, "");
    } else {
      named(instruction, "FROM", operand, name, arguments.expandedByKaniko(operand.text()));
    }
  }

  private void named(
      Instruction instruction,
      String what,
      Token.Operand operand,
      String name,
      Optional<String> nameByKaniko) {
    Optional<ImageName> image = ImageName.parse(name);
    if (name.equals(SCRATCH)) {
      left(instruction, what, operand, RewriteReason.SCRATCH, "");
    } else if (image.isEmpty()) {
      left(instruction, what, operand, RewriteReason.INVALID, "");
    } else if (proxies.isProxy(image.get().host())) {
      left(instruction, what, operand, RewriteReason.ALREADY_PROXIED, "");
    } else {
      Optional<String> proxied = proxies.proxied(image.get());
      if (proxied.isEmpty()) {
        left(instruction, what, operand, RewriteReason.UNMAPPED, image.get().host());
      } else if (!nameByKaniko.equals(Optional.of(name))) {
        left(
            instruction,
            what,
            operand,
            RewriteReason.KANIKO_DIFFERS,
            nameByKaniko.orElse("no value"));
      } else if (!image.get().hasPlainHost()) {
        left(instruction, what, operand, RewriteReason.KANIKO_DIFFERS, "docker.io/" + name);
      } else {
        decisions.add(
            new Decision(
                new ImageOperand(
                    instruction.line(),
                    what,
                    decoded(operand.text()),
                    proxied.get(),
                    RewriteReason.REWRITTEN,
                    ""),
                operand.replaceable(),
                operand.then()));
      }
    }
  }

  private void left(
      Instruction instruction,
      String what,
      Token.Operand operand,
      RewriteReason why,
      String detail) {
    String text = decoded(operand.text());
    decisions.add(
        new Decision(
            new ImageOperand(instruction.line(), what, text, text, why, decoded(detail)),
            operand.range(),
            ""));
  }

  /** Characters that are bytes of UTF-8, for people to read. */
  private static String decoded(String bytes) {
    return new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }
}
