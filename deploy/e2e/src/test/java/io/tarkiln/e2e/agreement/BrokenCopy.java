package io.tarkiln.e2e.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.embedded.GoTools;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.provider.Arguments;

/** Compiles sources with one place changed, to see that a test notices the defect. */
final class BrokenCopy {
  private BrokenCopy() {}

  /** Arguments of a test: what is broken, in which class, and the texts before and after. */
  static Arguments defect(String what, String type, String from, String to) {
    return Arguments.of(what, type, from, to);
  }

  /**
   * Loads the classes below a folder.
   *
   * @param sources a path in the repository, whose packages need the JDK and the libraries only
   *     when they run; they are compiled with all that this test sees
   * @param scratch an existing folder, for the copies
   * @param type the simple name of the class that holds {@code from}
   */
  static URLClassLoader load(
      String sources, Path scratch, List<URL> libraries, String type, String from, String to)
      throws Exception {
    Path target = Files.createTempDirectory(scratch, "broken");
    List<String> arguments = new ArrayList<>(List.of("-d", target.toString()));
    boolean isBroken = false;
    for (Path source : javaFiles(GoTools.home().resolve(sources))) {
      if (source.endsWith(type + ".java")) {
        String text = Files.readString(source);
        assertThat(text).as("what to break in " + type).contains(from);
        Path copy = target.resolve(source.getFileName());
        arguments.add(Files.writeString(copy, text.replace(from, to)).toString());
        isBroken = true;
      } else {
        arguments.add(source.toString());
      }
    }
    assertThat(isBroken).as("a class " + type + " below " + sources).isTrue();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).as("compiling a copy with a broken " + type).isZero();
    List<URL> classes = new ArrayList<>(libraries);
    classes.add(0, target.toUri().toURL());
    return new URLClassLoader(classes.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<Path> javaFiles(Path folder) throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }
}
