package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.InstructionParser;
import io.tarkiln.dockerfile.syntax.JsonForm;
import io.tarkiln.dockerfile.syntax.ParseException;
import io.tarkiln.dockerfile.variable.Expansion;
import io.tarkiln.dockerfile.variable.ExpansionBudget;
import io.tarkiln.dockerfile.variable.GlobalArguments;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Dockerfile that has been read as BuildKit reads it; what others need to know of one. */
public final class Dockerfile {
  private final String text;
  private final InstructionParser read;
  private final GlobalArguments arguments;

  private Dockerfile(String text, InstructionParser read, GlobalArguments arguments) {
    this.text = text;
    this.read = read;
    this.arguments = arguments;
  }

  /**
   * Reads a file.
   *
   * @param buildArgs values of ARGs that go before their defaults
   * @param platform values of the platform's variables that the build does not give
   * @return empty where it is no Dockerfile, or is larger than {@link DockerfileRewriter#MAX_SIZE}
   */
  public static Optional<Dockerfile> read(
      byte[] file, Map<String, String> buildArgs, Platform platform) {
    if (file.length > DockerfileRewriter.MAX_SIZE) {
      return Optional.empty();
    }
    try {
      InstructionParser read = InstructionParser.read(file);
      ImageRewriter.decide(read, new ProxyMap(Map.of()), buildArgs);
      GlobalArguments arguments =
          new GlobalArguments(buildArgs, platform.variables(), read.escape());
      for (Instruction instruction : read.all()) {
        if (instruction.keyword().equals("FROM")) {
          break;
        } else if (instruction.keyword().equals("ARG")) {
          arguments.declare(instruction);
        }
      }
      return Optional.of(new Dockerfile(new String(file, ISO_8859_1), read, arguments));
    } catch (ParseException no) {
      return Optional.empty();
    }
  }

  /** The file; a character is a byte. */
  public String text() {
    return text;
  }

  /** All instructions, triggers of ONBUILD directly after it. */
  public List<Instruction> instructions() {
    return read.all();
  }

  /** The character that escapes others and continues lines. */
  public char escape() {
    return read.escape();
  }

  /** What FROM names, variables expanded; empty where one has no value. */
  public Optional<String> base(Instruction from) {
    try {
      return Optional.of(arguments.expand(from.words().get(0).text()));
    } catch (Expansion.UnresolvedException unresolved) {
      return Optional.empty();
    }
  }

  /**
   * The value of a word without its quotes and escapes; empty where it has variables or its quotes
   * are open.
   */
  public static Optional<String> literal(String word) {
    try {
      return Optional.of(
          Expansion.of(
              word,
              variable -> Optional.empty(),
              '\\',
              Expansion.Reading.KANIKO,
              new ExpansionBudget()));
    } catch (Expansion.UnresolvedException unresolved) {
      return Optional.empty();
    }
  }

  /** Whether the text is a JSON array of strings, which stand for the words themselves. */
  public static boolean isJson(String rest) {
    return JsonForm.isOneOfStrings(rest);
  }
}
