package io.tarkiln.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;

/**
 * What a test needs beside the JVM, most first: the tag that its class carries. A test that needs
 * nothing has none, and runs in {@code -Pquick}.
 */
public enum TestTag {
  /** The whole of Tarkiln, in one process or in several. */
  E2E("io\\.tarkiln\\.(e2e\\.stack\\.(Stack|SeparateServices)|testkit\\.ServiceProcess)"),
  /** Kaniko or BuildKit, to build with or to be asked. */
  KANIKO(
      "io\\.tarkiln\\.kaniko\\.(launch|local)\\..*|io\\.tarkiln\\.e2e\\.(conformance\\.BuildKitDaemon"
          + "|agreement\\.(Parser|Ignore)Oracle)"),
  /** A server, real or scripted, or another program such as git. */
  SERVER(
      "io\\.tarkiln\\.embedded\\.(?!Ports$).*|com\\.sun\\.net\\.httpserver\\.HttpServer"
          + "|java\\.net\\.ServerSocket|java\\.lang\\.Process(Builder)?");

  private final Pattern signs;

  TestTag(String signs) {
    this.signs = Pattern.compile(signs);
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What is wrong with the tags of tests, in one sentence each.
   *
   * @param classes those of the tests and of what they share
   */
  public static List<String> faults(JavaClasses classes) {
    ClassGraph graph = ClassGraph.of(classes);
    List<String> faults = new ArrayList<>();
    for (JavaClass test : classes) {
      if (!test.getSimpleName().endsWith("Test")) {
        continue;
      }
      Optional<Need> need = need(test.getName(), graph);
      Optional<String> needed = need.map(one -> one.tag().text());
      Optional<String> tagged = test.tryGetAnnotationOfType(Tag.class).map(Tag::value);
      if (!tagged.equals(needed)) {
        faults.add(
            "%s wants %s, because it uses %s"
                .formatted(
                    test.getName(),
                    needed.map("@Tag(\"%s\")"::formatted).orElse("no tag"),
                    need.map(Need::reason).orElse("no server and no program")));
      }
    }
    return faults;
  }

  private record Need(TestTag tag, String reason) {}

  private static Optional<Need> need(String test, ClassGraph graph) {
    Set<String> used = graph.reachedFrom(test);
    used.remove(test);
    for (TestTag tag : values()) {
      Optional<String> sign = used.stream().filter(tag.signs.asMatchPredicate()).findFirst();
      if (sign.isPresent()) {
        return Optional.of(new Need(tag, sign.get()));
      }
    }
    return Optional.empty();
  }
}
