package io.tarkiln.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a policy:
 *
 * <pre>{@code
 * rules:
 *   - workloads: [shop]
 *     repositories: [git.example.com/acme/shop]
 *     images: [harbor.example.com/shop/*]
 *     tags: ["*"]
 *     protected: [refs/heads/main, refs/tags/*]
 *     reserved: ["1.*", latest]
 * }</pre>
 *
 * Lists of one may be written without brackets. {@code tags} may be left out, and is {@code *}
 * then; {@code protected} and {@code reserved} may be left out together. What is not known is a
 * fault, as a typing error must not open a door.
 */
final class PolicyFile {
  private static final Set<String> KEYS =
      Set.of("workloads", "repositories", "images", "tags", "protected", "reserved");

  private PolicyFile() {}

  /**
   * The rules in their order.
   *
   * @throws IllegalArgumentException that says what is wrong in which line
   */
  static List<PolicyRule> rules(String yaml) {
    Node root;
    try {
      root =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .compose(new java.io.StringReader(yaml));
    } catch (YAMLException broken) {
      throw new IllegalArgumentException("not YAML: " + broken.getMessage(), broken);
    }
    if (!(root instanceof MappingNode top)
        || top.getValue().size() != 1
        || !key(top.getValue().get(0)).equals("rules")
        || !(top.getValue().get(0).getValueNode() instanceof SequenceNode rules)) {
      throw new IllegalArgumentException("it must have one key, 'rules', with a list of rules");
    }
    List<PolicyRule> read = new ArrayList<>();
    for (Node each : rules.getValue()) {
      read.add(rule(each));
    }
    return read;
  }

  private static PolicyRule rule(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw fault(node, "a rule must have the keys workloads, repositories and images");
    }
    Map<String, List<NamePattern>> lists = new HashMap<>();
    for (NodeTuple each : mapping.getValue()) {
      String key = key(each);
      if (!KEYS.contains(key)) {
        throw fault(each.getKeyNode(), "unknown key '%s'".formatted(key));
      }
      if (lists.put(key, globs(each.getValueNode())) != null) {
        throw fault(each.getKeyNode(), "'%s' is there twice".formatted(key));
      }
    }
    if (lists.containsKey("protected") != lists.containsKey("reserved")) {
      throw fault(
          node,
          "'protected' says of which revisions builds are trusted, and 'reserved' which tags are"
              + " theirs: write both or none");
    }
    return new PolicyRule(
        line(node),
        required(node, "workloads", lists),
        required(node, "repositories", lists),
        required(node, "images", lists),
        lists.getOrDefault("tags", List.of(new NamePattern("*"))),
        lists.getOrDefault("protected", List.of()),
        lists.getOrDefault("reserved", List.of()));
  }

  private static List<NamePattern> required(
      Node node, String key, Map<String, List<NamePattern>> lists) {
    List<NamePattern> list = lists.get(key);
    if (list == null) {
      throw fault(node, "the rule has no '%s'".formatted(key));
    }
    return list;
  }

  private static List<NamePattern> globs(Node node) {
    if (node instanceof ScalarNode one && !one.getValue().isBlank()) {
      return List.of(new NamePattern(one.getValue()));
    }
    if (!(node instanceof SequenceNode list)) {
      throw fault(node, "a pattern or a list of patterns must be here");
    }
    List<NamePattern> globs = new ArrayList<>();
    for (Node each : list.getValue()) {
      if (!(each instanceof ScalarNode one) || one.getValue().isBlank()) {
        throw fault(each, "a pattern must be here");
      }
      globs.add(new NamePattern(one.getValue()));
    }
    return globs;
  }

  private static String key(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static IllegalArgumentException fault(Node node, String what) {
    return new IllegalArgumentException("line %d: %s".formatted(line(node), what));
  }
}
