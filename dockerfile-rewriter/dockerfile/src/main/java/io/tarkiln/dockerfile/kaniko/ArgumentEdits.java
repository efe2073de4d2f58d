package io.tarkiln.dockerfile.kaniko;

import io.tarkiln.dockerfile.edit.Edits;
import io.tarkiln.dockerfile.stage.BuildStage;
import io.tarkiln.dockerfile.stage.BuildStages;
import io.tarkiln.dockerfile.syntax.Instruction;
import io.tarkiln.dockerfile.syntax.Token;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives ARGs in Kaniko the values that they have in BuildKit. Kaniko sets no platform variables,
 * and carries what an ARG of one stage has set into all later stages ({@code
 * pkg/executor/build.go}: {@code args = sb.args}).
 */
final class ArgumentEdits {
  private static final String LEAKS = "arg-leaks";

  /** What everything has, whatever ARGs say. */
  private static final Set<String> ALWAYS_SET = Set.of("PATH", "HOME");

  private final BuildStages stages;
  private final BuildRequest request;
  private final Edits edits;
  private final Map<String, String> platform;

  /** Words of ARGs before the first FROM that have a default. */
  private final Map<String, String> globals = new HashMap<>();

  /** The last words of ARGs in stages so far, as Kaniko carries them. */
  private final Map<String, Token> carried = new LinkedHashMap<>();

  ArgumentEdits(BuildStages stages, BuildRequest request, Edits edits) {
    this.stages = stages;
    this.request = request;
    this.edits = edits;
    this.platform = new HashMap<>(request.platform().variables());
    this.platform.put("TARGETSTAGE", request.target().orElse("default"));
  }

  void edit() {
    for (Instruction global : stages.globals()) {
      for (Token word : words(global)) {
        platform(word);
        expanded(word);
        if (word.text().indexOf('=') >= 0) {
          globals.put(name(word), word.text());
        }
      }
    }
    for (BuildStage stage : stages.built()) {
      stop(stage);
      for (Instruction instruction : stage.instructions()) {
        for (Token word : words(instruction)) {
          platform(word);
          carried.put(name(word), word);
        }
      }
    }
    for (BuildStage stage : stages.built()) {
      base(stage);
    }
  }

  private static List<Token> words(Instruction instruction) {
    return instruction.keyword().equals("ARG") ? instruction.words() : List.of();
  }

  private static String name(Token word) {
    int equals = word.text().indexOf('=');
    return equals < 0 ? word.text() : word.text().substring(0, equals);
  }

  /** Without a default of its own or of the file's begin, the platform's value is the default. */
  private void platform(Token word) {
    String value = platform.get(word.text());
    if (value != null
        && !globals.containsKey(word.text())
        && !request.buildArgs().containsKey(word.text())) {
      int end = word.operand().range().end();
      edits.replace(end, end, "=" + value);
    }
  }

  /** Defaults of the file's begin may use platform variables that no ARG declares. */
  private void expanded(Token word) {
    String text = word.text();
    for (Map.Entry<String, String> one : platform.entrySet()) {
      String name = one.getKey();
      if (mentions(text, name)
          && !globals.containsKey(name)
          && !request.buildArgs().containsKey(name)) {
        text =
            text.replaceAll(
                "\\$(?:\\{" + name + "\\}|" + name + "(?![A-Za-z0-9_]))", one.getValue());
      }
    }
    if (!text.equals(word.text())) {
      Token.Range range = word.operand().range();
      edits.replace(range.start(), range.end(), text);
    }
  }

  /** FROM may use platform variables that no ARG declares. */
  private void base(BuildStage stage) {
    Token word = stage.from().words().get(0);
    boolean uses = platform.keySet().stream().anyMatch(name -> mentions(word.text(), name));
    if (uses && stage.base().matches("[^\\s$]+")) {
      Token.Range range = word.operand().range();
      edits.replace(range.start(), range.end(), stage.base());
    }
  }

  /** Ends what earlier stages have left, where the stage is not FROM them. */
  private void stop(BuildStage stage) {
    Map<String, Token> inherited = new HashMap<>();
    List<BuildStage> chain = stage.chain();
    for (BuildStage ancestor : chain.subList(0, chain.size() - 1)) {
      ancestor
          .instructions()
          .forEach(one -> words(one).forEach(word -> inherited.put(name(word), word)));
    }
    Set<String> lines = new LinkedHashSet<>();
    for (Map.Entry<String, Token> one :
        new TreeSet<>(carried.keySet())
            .stream().map(name -> Map.entry(name, carried.get(name))).toList()) {
      String name = one.getKey();
      Token own = inherited.get(name);
      if (own != one.getValue() && !ALWAYS_SET.contains(name)) {
        stop(stage, name, own, one.getValue(), lines);
      }
    }
    if (!lines.isEmpty()) {
      edits.lineAfter(stage.from(), "ARG " + String.join(" ", lines));
    }
  }

  private void stop(
      BuildStage stage, String name, @Nullable Token own, Token carriedWord, Set<String> lines) {
    if (request.buildArgs().containsKey(name)) {
      boolean sees = own == null && usesBefore(stage, name, true);
      if (sees) {
        throw Findings.cannot(
            mention(stage, name),
            LEAKS,
            "Kaniko carries the build argument %s from an earlier stage into this one, where no ARG declares it: declare it, or use another name"
                .formatted(name));
      }
      return;
    }
    boolean valueless = carriedWord.text().indexOf('=') < 0;
    if (valueless && !globals.containsKey(name) && !platform.containsKey(name)) {
      return; // an ARG that nothing gives a value leaves none behind
    }
    Token redeclared = first(stage, name);
    boolean isSame = valueless && redeclared != null && redeclared.text().indexOf('=') < 0;
    if (redeclared != null
        && !usesBefore(stage, name, false)
        && (redeclared.text().indexOf('=') >= 0 || isSame)) {
      return;
    }
    String value = own == null ? name + "=" : valued(own, name);
    if (value.indexOf('$') >= 0) {
      if (usesBefore(stage, name, true)) {
        throw Findings.cannot(
            mention(stage, name),
            LEAKS,
            "Kaniko carries another value of %s from an earlier stage into this one: declare it here by ARG %s=value"
                .formatted(name, name));
      }
      return;
    }
    lines.add(value);
    if (redeclared != null && redeclared.text().indexOf('=') < 0 && globals.containsKey(name)) {
      Token.Range range = redeclared.operand().range();
      edits.replace(range.start(), range.end(), globals.get(name));
    }
  }

  private String valued(Token word, String name) {
    if (word.text().indexOf('=') >= 0) {
      return word.text();
    }
    String set = platform.containsKey(name) ? name + "=" + platform.get(name) : name + "=";
    return globals.getOrDefault(name, set);
  }

  private static @Nullable Token first(BuildStage stage, String name) {
    return stage.instructions().stream()
        .flatMap(one -> words(one).stream())
        .filter(word -> name(word).equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * Whether a stage uses a variable before it declares it.
   *
   * @param visibly whether a RUN counts only where it names it
   */
  private static boolean usesBefore(BuildStage stage, String name, boolean visibly) {
    for (Instruction one : stage.instructions()) {
      if (words(one).stream().anyMatch(word -> name(word).equals(name))) {
        return false;
      }
      boolean isRun = one.keyword().equals("RUN");
      if ((isRun && !visibly) || (isRun ? word(one.rest(), name) : mentions(one.rest(), name))) {
        return true;
      }
    }
    return false;
  }

  private static Instruction mention(BuildStage stage, String name) {
    return stage.instructions().stream()
        .filter(one -> word(one.rest(), name))
        .findFirst()
        .orElse(stage.from());
  }

  private static boolean mentions(String text, String name) {
    return text.contains(name)
        && Pattern.compile("\\$\\{?" + Pattern.quote(name) + "(?![A-Za-z0-9_])")
            .matcher(text)
            .find();
  }

  private static boolean word(String text, String name) {
    return text.contains(name)
        && Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])")
            .matcher(text)
            .find();
  }
}
