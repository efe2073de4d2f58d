package io.tarkiln.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The Maven modules of this repository, and the classes that were compiled from them. */
public record Modules(List<Path> folders) {
  /** All of them, found from the folder of any. */
  public static Modules all() throws IOException {
    Path home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("mvnw"))) {
      home = Objects.requireNonNull(home.getParent(), "no folder above has mvnw");
    }
    try (Stream<Path> files = Files.find(home, 3, (file, is) -> file.endsWith("pom.xml"))) {
      return new Modules(files.map(Path::getParent).sorted().toList());
    }
  }

  /** Those whose folders have names like this. */
  public Modules where(Predicate<String> name) {
    return new Modules(
        folders.stream().filter(folder -> name.test(folder.getFileName().toString())).toList());
  }

  /** The classes of {@code src/main} of all modules. */
  public JavaClasses mainClasses() {
    return classes("target/classes");
  }

  /** The classes of {@code src/test} of all modules, and those that tests share. */
  public JavaClasses testClasses() {
    return classes(
        "target/test-classes",
        "../../common/testkit/target/classes",
        "../../common/samples/target/classes");
  }

  /** The Java files of {@code src/main} of all modules. */
  public List<Path> mainFiles() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path sources : existing("src/main/java")) {
      try (Stream<Path> files = Files.walk(sources)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
      }
    }
    return List.copyOf(found);
  }

  private JavaClasses classes(String... outputs) {
    return new ClassFileImporter()
        .importPaths(Stream.of(outputs).flatMap(output -> existing(output).stream()).toList());
  }

  private List<Path> existing(String name) {
    return folders.stream()
        .map(module -> module.resolve(name).normalize())
        .filter(Files::isDirectory)
        .distinct()
        .toList();
  }
}
