package io.tarkiln.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A package is small enough to be read, and a name means one thing. */
class PackageShapeTest {
  /** Simple names that two main classes may share, each with its reason: none has one. */
  private static final Set<String> SHARED_NAMES = Set.of();

  @Test
  void has_no_package_of_more_than_twenty_files() throws IOException {
    Map<String, Long> files =
        CompiledCode.MODULES.mainFiles().stream()
            .map(PackageShapeTest::packageOf)
            .collect(Collectors.groupingBy(one -> one, Collectors.counting()));

    assertThat(files)
        .isNotEmpty()
        .allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(20L));
  }

  @Test
  void has_no_package_of_more_than_six_floors() {
    Map<String, Integer> floors = Floors.ofPackages(ClassGraph.of(CompiledCode.MAIN));

    assertThat(floors)
        .isNotEmpty()
        .allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(6));
  }

  @Test
  void has_no_two_classes_of_one_name() {
    Collection<List<String>> shared =
        CompiledCode.MAIN.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(one -> !one.getSimpleName().equals("package-info"))
            .filter(one -> !SHARED_NAMES.contains(one.getSimpleName()))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())))
            .values();

    assertThat(shared).isNotEmpty().allSatisfy(names -> assertThat(names).hasSize(1));
  }

  @Test
  void has_no_package_where_null_is_not_looked_for() {
    assertThat(CompiledCode.MAIN)
        .isNotEmpty()
        .extracting(JavaClass::getPackage)
        .filteredOn(one -> !one.getName().endsWith(".jmh_generated"))
        .allMatch(one -> one.isAnnotatedWith("org.jspecify.annotations.NullMarked"));
  }

  private static String packageOf(Path file) {
    return file.getParent().toString().replaceFirst(".*/src/main/java/", "");
  }
}
