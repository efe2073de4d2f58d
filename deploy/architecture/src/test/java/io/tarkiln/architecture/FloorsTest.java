package io.tarkiln.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FloorsTest {
  @Test
  void counts_the_longest_way_down() {
    assertThat(floors(Map.of("p.A", Set.of("p.B", "p.C"), "p.B", Set.of("p.C"), "p.C", Set.of())))
        .isEqualTo(3);
  }

  @Test
  void counts_a_circle_as_one() {
    assertThat(floors(Map.of("p.A", Set.of("p.B"), "p.B", Set.of("p.A", "p.C"), "p.C", Set.of())))
        .isEqualTo(2);
  }

  @Test
  void leaves_other_packages_out() {
    assertThat(floors(Map.of("p.A", Set.of("q.B", "java.lang.String"), "q.B", Set.of("q.C"))))
        .isEqualTo(1);
  }

  private static int floors(Map<String, Set<String>> uses) {
    return Floors.ofPackages(new ClassGraph(uses)).get("p");
  }
}
