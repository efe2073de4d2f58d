package io.tarkiln.e2e.agreement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.tarkiln.dockerignore.BadPatternException;
import io.tarkiln.dockerignore.IgnoreFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is ignored, against moby's own matcher in BuildKit's own walk, on files made for it. */
@Tag("kaniko")
class IgnoreAgreementTest {
  private static final String SOURCES = "common/dockerignore/src/main/java/io/tarkiln/dockerignore";
  private static final URL RE2J = Pattern.class.getProtectionDomain().getCodeSource().getLocation();

  private static final int FILES = 8000;

  @TempDir static Path folder;
  private static IgnoreOracle oracle;

  /** Reads an ignore file with what is there to do so, the real one or a broken one. */
  private interface Reading {
    Ignoring read(byte[] file) throws Exception;
  }

  private interface Ignoring {
    boolean ignores(String path) throws Exception;
  }

  /**
   * What is left of a context.
   *
   * @param error why nothing is; empty where something may be
   */
  private record Left(TreeSet<String> kept, String error) {}

  @BeforeAll
  static void build() throws Exception {
    oracle = IgnoreOracle.in(folder);
  }

  @Test
  void on_the_same_files_every_time() throws Exception {
    assertThat(disagreements(1, FILES, file -> IgnoreFile.parse(file)::ignores)).isEmpty();
  }

  @Test
  void on_other_files_every_time() throws Exception {
    long seed = new SecureRandom().nextLong();

    assertThat(disagreements(seed, FILES, file -> IgnoreFile.parse(file)::ignores))
        .as("seed " + seed)
        .isEmpty();
  }

  static Stream<Arguments> defects() {
    return Stream.of(
        BrokenCopy.defect(
            "parents do not matter", "IgnoreDecision", "matched[i]\n", "matched[0]\n"),
        BrokenCopy.defect(
            "every pattern is asked", "IgnoreDecision", "pattern.isException() == ignored &&", ""),
        BrokenCopy.defect(
            "folders are left", "IgnoreFile", "return !arePlain ||", "return !true ||"),
        BrokenCopy.defect(
            "white space stays", "RawText", "int end = rest.length();", "int end = -1;"),
        BrokenCopy.defect("one star is two", "IgnorePattern", "add(\"[^/]*\")", "add(\".*\")"),
        BrokenCopy.defect(
            "two stars are one", "IgnorePattern", "add(\"(.*/)?\")", "add(\"([^/]*/)?\")"),
        BrokenCopy.defect(
            "brackets are text", "IgnorePattern", "next == '[' || next == ']'", "next == 0"),
        BrokenCopy.defect("bytes are text", "RawText", "length == 0\n", "length == -1\n"),
        BrokenCopy.defect(
            "any bracket is good", "GlobSyntax", "element() == WRONG", "element() == 2"),
        BrokenCopy.defect(
            "more mistakes are noticed",
            "GlobSyntax",
            "first.chunk).isDot()",
            "first.chunk).isGood()"),
        BrokenCopy.defect("bars are text", "IgnorePattern", "\".+()$\"", "\".+()|{}$\""),
        BrokenCopy.defect(
            "comments are patterns", "IgnoreFile", "startsWith(\"#\")", "startsWith(\"##\")"),
        BrokenCopy.defect(
            "a slash stays", "IgnoreFile", "replaceFirst(\"^/(?s)(?=.)\", \"\")", "strip()"));
  }

  /** Breaks the matcher and sees that the oracle notices. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("defects")
  void is_lost_when_the_matcher_breaks(String what, String file, String from, String to)
      throws Exception {
    try (URLClassLoader broken = BrokenCopy.load(SOURCES, folder, List.of(RE2J), file, from, to)) {
      Class<?> type = broken.loadClass(IgnoreFile.class.getName());
      Method parse = type.getMethod("parse", byte[].class);
      Method ignores = type.getMethod("ignores", String.class);

      assertThat(
              disagreements(
                  1,
                  FILES / 2,
                  bytes -> {
                    Object read = parse.invoke(null, (Object) bytes);
                    return path -> (boolean) ignores.invoke(read, path);
                  }))
          .as(what)
          .isNotEmpty();
    }
  }

  private static List<String> disagreements(long seed, int files, Reading reading)
      throws Exception {
    IgnoreFileGenerator generator = new IgnoreFileGenerator(seed);
    List<IgnoreOracle.Case> cases = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      cases.add(
          new IgnoreOracle.Case(
              generator.file().getBytes(ISO_8859_1),
              generator.paths().stream().map(path -> path.getBytes(ISO_8859_1)).toList()));
    }
    List<IgnoreOracle.Answer> answers = oracle.ask(cases);
    List<String> disagreements = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      Left ours = left(cases.get(i), reading);
      Left theirs = new Left(texts(answers.get(i).kept()), answers.get(i).error());
      if (!ours.kept().equals(theirs.kept())
          || ours.error().isEmpty() != theirs.error().isEmpty()) {
        disagreements.add(new String(cases.get(i).file(), ISO_8859_1) + ours + theirs);
      }
    }
    long refused = answers.stream().filter(each -> !each.error().isEmpty()).count();
    assertThat(refused).isPositive().isLessThan(files / 2);
    return disagreements;
  }

  private static TreeSet<String> texts(List<byte[]> paths) {
    TreeSet<String> texts = new TreeSet<>();
    paths.forEach(path -> texts.add(new String(path, ISO_8859_1)));
    return texts;
  }

  private static Left left(IgnoreOracle.Case one, Reading reading) throws Exception {
    TreeSet<String> kept = new TreeSet<>();
    try {
      Ignoring ignoring = reading.read(one.file());
      for (String path : texts(one.paths())) {
        boolean isKept = !ignoring.ignores(path);
        if (isKept) {
          kept.add(path);
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
          String above = path.substring(0, slash);
          if (isKept || !ignoring.ignores(above)) {
            kept.add(above);
          }
        }
      }
      return new Left(kept, "");
    } catch (BadPatternException | InvocationTargetException bad) {
      return new Left(new TreeSet<>(), bad.toString());
    }
  }
}
