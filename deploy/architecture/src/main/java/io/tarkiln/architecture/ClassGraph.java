package io.tarkiln.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which top-level class uses which: what a nested class uses counts as used by the one around it.
 *
 * @param uses by name of a class, the names of the classes that it uses, those of libraries too
 */
public record ClassGraph(Map<String, Set<String>> uses) {
  public static ClassGraph of(JavaClasses classes) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass one : classes) {
      Set<String> used = uses.computeIfAbsent(outermost(one), none -> new TreeSet<>());
      one.getDirectDependenciesFromSelf()
          .forEach(dependency -> used.add(outermost(dependency.getTargetClass())));
      used.remove(outermost(one));
    }
    return new ClassGraph(uses);
  }

  /** All that this class uses by way of classes of this graph, itself included. */
  public Set<String> reachedFrom(String start) {
    Set<String> reached = new LinkedHashSet<>(Set.of(start));
    Deque<String> next = new ArrayDeque<>(reached);
    while (!next.isEmpty()) {
      for (String used : uses.getOrDefault(next.pop(), Set.of())) {
        if (reached.add(used)) {
          next.push(used);
        }
      }
    }
    return reached;
  }

  private static String outermost(JavaClass one) {
    String name = one.getBaseComponentType().getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
