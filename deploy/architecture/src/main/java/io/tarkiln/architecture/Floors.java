package io.tarkiln.architecture;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How high a package is built: its classes that use none of the others stand on floor 1, each other
 * class one above the highest that it uses. Classes that use each other in a circle share a floor.
 */
public final class Floors {
  private final Map<String, Set<String>> reached;
  private final Map<String, Integer> floors = new HashMap<>();

  private Floors(Map<String, Set<String>> reached) {
    this.reached = reached;
  }

  /** The floors of each package, by its name. */
  public static Map<String, Integer> ofPackages(ClassGraph graph) {
    return graph.uses().keySet().stream()
        .collect(Collectors.groupingBy(Floors::packageOf))
        .entrySet()
        .stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, one -> height(graph, Set.copyOf(one.getValue()))));
  }

  private static int height(ClassGraph graph, Set<String> classes) {
    Map<String, Set<String>> within = new HashMap<>();
    for (String one : classes) {
      within.put(
          one,
          graph.uses().getOrDefault(one, Set.of()).stream()
              .filter(classes::contains)
              .collect(Collectors.toSet()));
    }
    ClassGraph inside = new ClassGraph(within);
    Map<String, Set<String>> reached =
        classes.stream().collect(Collectors.toMap(one -> one, inside::reachedFrom));
    Floors floors = new Floors(reached);
    return classes.stream().mapToInt(floors::floorOf).max().orElse(0);
  }

  private int floorOf(String one) {
    Integer known = floors.get(one);
    if (known != null) {
      return known;
    }
    int below =
        reached.getOrDefault(one, Set.of()).stream()
            .filter(used -> !reached.getOrDefault(used, Set.of()).contains(one))
            .mapToInt(this::floorOf)
            .max()
            .orElse(0);
    floors.put(one, below + 1);
    return below + 1;
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
