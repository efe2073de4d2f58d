package io.tarkiln.cli.request;

import io.tarkiln.cli.session.Printable;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * A mapping in a YAML file, each key once. An alias stands for what its anchor names; text is what
 * the file says, so that {@code 1.10} stays it; a key without a value is as good as none.
 *
 * <p>Everything that it refuses is an {@link IllegalArgumentException} that names the line.
 */
record YamlMapping(int line, Map<String, Node> values) {
  /** Reads a file's only document. */
  static YamlMapping parse(String yaml) {
    try {
      Iterator<Node> documents =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .composeAll(new StringReader(yaml))
              .iterator();
      if (!documents.hasNext()) {
        throw new IllegalArgumentException("there is nothing in it");
      }
      YamlMapping first = of("the file", documents.next());
      if (documents.hasNext()) {
        throw fault(documents.next(), "a second document begins: a file is one request");
      }
      return first;
    } catch (MarkedYAMLException broken) {
      throw new IllegalArgumentException(
          "line %d: not YAML: %s"
              .formatted(
                  broken.getProblemMark().getLine() + 1, Printable.line(broken.getProblem())),
          broken);
    } catch (ReaderException foreign) {
      long line = yaml.codePoints().limit(foreign.getPosition()).filter(c -> c == '\n').count() + 1;
      throw new IllegalArgumentException(
          "line %d: not YAML: it has the character U+%04X".formatted(line, foreign.getCodePoint()),
          foreign);
    } catch (YAMLException broken) {
      throw new IllegalArgumentException("not YAML: " + Printable.line(broken), broken);
    }
  }

  private static YamlMapping of(String name, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw fault(node, "%s must be keys with values".formatted(name));
    }
    Map<String, Node> values = new LinkedHashMap<>();
    for (NodeTuple each : mapping.getValue()) {
      String key = text("a key", each.getKeyNode());
      if (values.put(key, each.getValueNode()) != null) {
        throw fault(each.getKeyNode(), "'%s' is there twice".formatted(Printable.line(key)));
      }
    }
    return new YamlMapping(lineOf(node), values);
  }

  /** This one, when it has no other keys than these. */
  YamlMapping only(Set<String> known) {
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            throw fault(
                value,
                "there is no key '%s' here; there are %s"
                    .formatted(Printable.line(key, 60), String.join(", ", new TreeSet<>(known))));
          }
        });
    return this;
  }

  Optional<String> text(String key) {
    return value(key).map(node -> text("'" + key + "'", node));
  }

  boolean flag(String key, boolean otherwise) {
    Optional<Node> value = value(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    return switch (text("'" + key + "'", value.get()).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw fault(value.get(), "'%s' must be true or false".formatted(key));
    };
  }

  List<String> texts(String key) {
    return list(key).stream().map(node -> text("each of '%s'".formatted(key), node)).toList();
  }

  List<YamlMapping> mappings(String key) {
    return list(key).stream().map(node -> of("each of '%s'".formatted(key), node)).toList();
  }

  /** Texts by their names, empty where nothing is said. */
  Map<String, String> textsByName(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    value(key)
        .map(node -> of("'" + key + "'", node))
        .ifPresent(
            mapping ->
                mapping.values.forEach(
                    (name, node) -> texts.put(name, mapping.text(name).orElse(""))));
    return texts;
  }

  private List<Node> list(String key) {
    Optional<Node> value = value(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof SequenceNode list)) {
      throw fault(value.get(), "'%s' must be a list".formatted(key));
    }
    return new ArrayList<>(list.getValue());
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(node -> !node.getTag().equals(Tag.NULL));
  }

  private static String text(String name, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw fault(node, "%s must be text".formatted(Printable.line(name, 60)));
    }
    return scalar.getValue();
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static IllegalArgumentException fault(Node node, String what) {
    return new IllegalArgumentException("line %d: %s".formatted(lineOf(node), what));
  }
}
