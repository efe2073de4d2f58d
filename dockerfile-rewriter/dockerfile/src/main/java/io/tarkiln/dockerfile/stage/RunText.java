package io.tarkiln.dockerfile.stage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands of a RUN, as far as their text shows what they do to a path. No shell reads it:
 * commands end at {@code ;}, {@code &} and {@code |}, words at white space, and quotes and brackets
 * around a word are left out. Once a file has taken too long, nothing is found any more.
 */
public final class RunText {
  private static final Pattern AROUND = Pattern.compile("^[\\[\"'({,]+|[\\])}\"',]+$");
  private static final Pattern LINKS = Pattern.compile("-[A-Za-z]*s[A-Za-z]*|--symbolic");
  private static final Pattern HAS_MODE = Pattern.compile("-[A-Za-z]*m.*|--mode.*");
  private static final Pattern MAKES = Pattern.compile("-[A-Za-z]*d.*|--directory");
  private static final Pattern ALL = Pattern.compile("-[A-Za-z]*R[A-Za-z]*|--recursive");
  private static final Pattern SPECIAL = Pattern.compile("[ugoa]*\\+[rwx]*s|[2467][0-7]{3}");

  private final List<List<String>> commands;
  private final RunTexts all;
  private final int size;

  private RunText(List<List<String>> commands, RunTexts all) {
    this.commands = commands;
    this.all = all;
    this.size = commands.stream().mapToInt(List::size).sum();
  }

  static RunText of(String text, RunTexts all) {
    return new RunText(
        Arrays.stream(text.split("[;&|]+"))
            .map(
                command ->
                    Arrays.stream(command.split("\\s+"))
                        .map(word -> AROUND.matcher(word).replaceAll(""))
                        .filter(word -> !word.isEmpty())
                        .toList())
            .toList(),
        all);
  }

  /** A symbolic link and where it points, both as written. */
  public record Link(String target, String path) {}

  /** The words of its commands. */
  public List<List<String>> commands() {
    return commands;
  }

  /** The owner or mode that a command gives a path; empty where none does. */
  public Optional<String> changed(String command, String path) {
    return after(command)
        .map(words -> words.stream().filter(RunText::isOperand).toList())
        .filter(words -> words.size() > 1 && names(words.subList(1, words.size()), path))
        .map(words -> words.get(0))
        .findFirst();
  }

  public boolean makesFolder(String path) {
    return Stream.of(
            after("mkdir"), after("publish"), after("install").filter(words -> has(words, MAKES)))
        .flatMap(words -> words)
        .anyMatch(words -> names(words, path));
  }

  public boolean makesFolderWithMode(String path) {
    return Stream.concat(after("mkdir"), after("install"))
        .anyMatch(words -> has(words, HAS_MODE) && names(words, path));
  }

  /** Whether it gives all files in a folder an owner or mode. */
  public boolean changesAllOf(String path) {
    return Stream.concat(after("chown"), after("chmod"))
        .anyMatch(words -> has(words, ALL) && names(words, path));
  }

  public boolean removes(String path) {
    return after("rm").anyMatch(words -> names(words, path));
  }

  /** Whether a path becomes a symbolic link. */
  public boolean links(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    Set<String> folder = Set.of(path.substring(0, slash), path.substring(0, slash + 1));
    return linked()
            .anyMatch(
                words -> {
                  String last = words.get(words.size() - 1);
                  return last.equals(path)
                      || (folder.contains(last)
                          && words.stream().anyMatch(word -> isNamed(word, name)));
                })
        || after("update-alternatives")
            .anyMatch(
                words -> {
                  int install = words.indexOf("--install");
                  return install >= 0 && words.indexOf(path) == install + 1;
                })
        || (path.matches("/usr(/local)?/bin/[^/]+")
            && after("npm")
                .filter(words -> words.contains("-g") || words.contains("--global"))
                .flatMap(List::stream)
                .anyMatch(word -> isNamed(word.replaceFirst("(?<=.)@.*", ""), name)));
  }

  /** All symbolic links of which it visibly makes one. */
  public List<Link> links() {
    return linked()
        .filter(words -> words.size() == 2)
        .map(words -> new Link(words.get(0), words.get(1)))
        .toList();
  }

  /** What each {@code ln -s} names. */
  private Stream<List<String>> linked() {
    return after("ln")
        .filter(words -> has(words, LINKS))
        .map(words -> words.stream().filter(RunText::isOperand).toList())
        .filter(words -> words.size() > 1);
  }

  public boolean givesCapability(String path) {
    return after("setcap")
        .flatMap(List::stream)
        .anyMatch(word -> isSame(word, path) || word.startsWith(path + "/"));
  }

  /** Whether a file in a folder gets setuid, setgid or sticky. */
  public boolean givesSpecialModeIn(String path) {
    return after("chmod")
        .anyMatch(
            words ->
                has(words, SPECIAL)
                    && words.stream().anyMatch(word -> word.startsWith(path + "/")));
  }

  /** The words after a command's name, of each that is one; none once too much is searched. */
  private Stream<List<String>> after(String name) {
    return (all.spend(size) ? commands : List.<List<String>>of())
        .stream()
            .flatMap(
                words -> {
                  int at = 0;
                  while (at < words.size() && !isNamed(words.get(at), name)) {
                    at++;
                  }
                  return at < words.size()
                      ? Stream.of(words.subList(at + 1, words.size()))
                      : Stream.empty();
                });
  }

  private static boolean isNamed(String path, String name) {
    return path.endsWith(name)
        && (path.length() == name.length()
            || path.charAt(path.length() - name.length() - 1) == '/');
  }

  private static boolean isOperand(String word) {
    return !word.startsWith("-");
  }

  private static boolean has(List<String> words, Pattern pattern) {
    Predicate<String> matches = pattern.asMatchPredicate();
    return words.stream().anyMatch(matches);
  }

  private static boolean names(List<String> words, String path) {
    return words.stream()
        .anyMatch(
            word -> isSame(word, path) || isSame(word.substring(word.indexOf('=') + 1), path));
  }

  private static boolean isSame(String word, String path) {
    return word.startsWith(path)
        && (word.length() == path.length()
            || (word.length() == path.length() + 1 && word.endsWith("/")));
  }
}
