package io.tarkiln.e2e.document;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tables of the handbook's page of variables. */
public record VariableTable(List<Row> rows) {
  /** One of ours; a name that ends so is the beginning of several. */
  private static final Pattern NAME = Pattern.compile("\\bTARKILN_[A-Z0-9_]*[A-Z0-9]_?");

  /**
   * A row.
   *
   * @param names all variables of its first cell, also those that are not ours
   * @param standard the cell with the default
   */
  public record Row(List<String> names, String standard) {}

  public static VariableTable of(MarkdownPage page) {
    return new VariableTable(
        page.text()
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("(?<!\\\\)\\|"))
            .filter(cells -> cells.length >= 4)
            .map(cells -> new Row(spans(cells[1]), cells[3].strip()))
            .toList());
  }

  private static List<String> spans(String cell) {
    return Arrays.stream(cell.split("`")).filter(word -> word.matches("[A-Z][A-Z0-9_]+")).toList();
  }

  /** The names of our variables. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    rows.stream()
        .flatMap(row -> row.names().stream())
        .filter(VariableTable::isOurs)
        .forEach(names::add);
    return names;
  }

  private static boolean isOurs(String name) {
    return name.startsWith("TARKILN_");
  }

  /** All names of ours in a text, and beginnings of names, which end with an underscore. */
  public static Set<String> mentioned(String text) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(text).results().forEach(found -> names.add(found.group()));
    return names;
  }

  /** Whether a name, or one that begins so, is among these. */
  public static boolean isAmong(String name, Set<String> names) {
    return names.contains(name)
        || name.endsWith("_") && names.stream().anyMatch(one -> one.startsWith(name));
  }

  /** The defaults of a variable: some mean different things to two readers. */
  public Stream<String> defaults(String name) {
    return rows.stream().filter(row -> row.names().contains(name)).map(Row::standard);
  }
}
