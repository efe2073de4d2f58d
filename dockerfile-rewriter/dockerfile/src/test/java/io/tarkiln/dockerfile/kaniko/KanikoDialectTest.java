package io.tarkiln.dockerfile.kaniko;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.context.ContextFile;
import io.tarkiln.dockerfile.context.ContextFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of {@code dialect.txt}, which says itself how to read it, and what they cannot hold.
 */
class KanikoDialectTest {
  private static final Platform PLATFORM = Platform.parse("linux/amd64");
  private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-f]{16}(?=/\\.\\./)");

  /** A case: the text after its title, line by line. */
  record Case(String title, List<String> lines) {
    List<String> all(String field) {
      return lines.stream()
          .filter(line -> line.startsWith(field + ": "))
          .map(line -> line.substring(field.length() + 2))
          .toList();
    }

    String side(char sign) {
      StringBuilder side = new StringBuilder();
      lines.stream()
          .filter(line -> !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == sign))
          .forEach(line -> side.append(line.substring(1)).append('\n'));
      return side.toString();
    }

    @Override
    public String toString() {
      return title;
    }
  }

  static List<Case> cases() {
    try (InputStream in = KanikoDialectTest.class.getResourceAsStream("dialect.txt")) {
      return Arrays.stream(new String(in.readAllBytes(), UTF_8).split("(?m)^## "))
          .skip(1)
          .map(text -> text.lines().toList())
          .map(lines -> new Case(lines.get(0), lines.subList(1, lines.size())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void holds(Case one) {
    Map<String, String> args = new HashMap<>();
    one.all("args").stream()
        .flatMap(line -> Arrays.stream(line.split(" ")))
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> args.put(pair[0], pair[1]));
    List<ContextFile> files = new ArrayList<>();
    one.all("file").forEach(path -> files.add(file(path, "")));
    one.all("link").stream()
        .map(link -> link.split(" -> "))
        .forEach(link -> files.add(file(link[0], link[1])));

    Verdict verdict =
        KanikoDialect.of(
            one.side('-').getBytes(UTF_8),
            new BuildRequest(
                args,
                one.all("target").stream().findFirst(),
                PLATFORM,
                true,
                ContextFiles.of(files)));

    if (verdict instanceof Verdict.Cannot cannot) {
      assertThat(cannot.line() + " " + cannot.code()).isIn(one.all("refused"));
      assertThat(cannot.message()).contains(":");
    } else {
      Verdict.Builds builds = (Verdict.Builds) verdict;
      assertThat(one.all("refused")).isEmpty();
      assertThat(new String(builds.dockerfile(), UTF_8)).isEqualTo(one.side('+'));
      assertThat(builds.differences())
          .extracting(found -> found.line() + " " + found.code())
          .isEqualTo(one.all("warned"));
    }
  }

  @Test
  void tells_what_was_seen_for_every_case() {
    assertThat(cases()).hasSizeGreaterThan(70);
    assertThat(cases()).allSatisfy(one -> assertThat(one.all("seen")).as(one.title()).hasSize(1));
  }

  @Test
  void names_of_files_are_in_the_digest_and_contents_are_not() {
    String copy = "FROM a\nCOPY d /d\nRUN ls /d\n";

    String before = digest(copy, file("d/x", ""));

    assertThat(digest(copy, file("d/x", ""), file("e", ""))).isEqualTo(before);
    assertThat(digest(copy, new ContextFile(0100644, "b".repeat(40), "d/x", ""))).isEqualTo(before);
    assertThat(digest(copy, file("d/y", ""))).isNotEqualTo(before);
    assertThat(digest(copy, file("d/x", "y"))).isNotEqualTo(before);
  }

  @Test
  void contents_are_in_the_digest_of_what_a_stage_has_made_of_them() {
    String copy = "FROM a AS s\nCOPY d/x /d\nFROM a\nCOPY --from=s /d /d\nRUN ls /d\n";

    String before = digest(copy, file("d/x", ""));

    assertThat(digest(copy, new ContextFile(0100644, "b".repeat(40), "d/x", "")))
        .isNotEqualTo(before);
    assertThat(digest(copy, file("d/x", ""), file("e", ""))).isEqualTo(before);
  }

  @Test
  void a_context_that_nobody_has_listed_is_taken_for_one_of_other_names() {
    String copy = "FROM a\nCOPY x /d\nRUN ls /d\n";

    assertThat(digest(edited(copy, ContextFiles.unknown("sources/shop/1.tar.gz"), true)))
        .isNotEqualTo(digest(edited(copy, ContextFiles.unknown("sources/shop/2.tar.gz"), true)));
  }

  @Test
  void without_a_cache_there_is_nothing_to_notice() {
    String copy = "FROM a\nCOPY d /d\nLABEL a=\"it's\"\nRUN ls /d\n";

    assertThat(edited(copy, ContextFiles.of(List.of(file("d/x", ""))), false)).isEqualTo(copy);
  }

  static Stream<String> forms() {
    return Stream.of(
        "FROM a\r\nCOPY d /d\r\nRUN ls /d\r\n",
        "FROM a\nCOPY \\\n  # why\n  d \\\n\n  /d\nRUN ls /d\n",
        "FROM a\nCOPY [\"d\", \"/d\"]\nRUN ls /d\n",
        "FROM a\nCOPY [ \\\n  \"d\", \\\n  \"/d\" ]\nRUN ls /d\n",
        "FROM a\nCOPY \"d\" /d\nRUN ls /d\n",
        "# escape=`\nFROM a\nCOPY `\n d /d\nRUN ls /d\n",
        "FROM a\nCOPY --link d /d\nRUN ls /d",
        "from a\ncopy $D /d\nrun ls /d\n");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void only_a_digest_is_added_whatever_the_form(String dockerfile) {
    String edited = edited(dockerfile, ContextFiles.of(List.of(file("d/x", ""))), true);

    assertThat(edited).isNotEqualTo(dockerfile);
    assertThat(edited.replaceFirst("[0-9a-f]{16}/\\.\\./", "")).isEqualTo(dockerfile);
  }

  @Test
  void a_list_of_files_may_have_names_of_any_bytes() {
    List<ContextFile> files = List.of(file("caf\u00e9 *", ""), file("lnk", "caf\u00e9 *"));

    assertThat(edited("FROM a\nCOPY [\"lnk\", \"/f\"]\n", ContextFiles.of(files), true))
        .isEqualTo("FROM a\nCOPY [\"caf\u00e9 [*]\", \"/f\"]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ln -s n ", "mkdir n ", "rm n ", "chown n n ", "adduser n "})
  @Timeout(
      value = 2,
      unit = java.util.concurrent.TimeUnit.MINUTES,
      threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void commands_that_could_be_searched_for_ever_are_not(String command) {
    String hostile =
        "FROM a AS s\n"
            + ("RUN " + command.repeat(2_000) + "/q/n\n").repeat(40)
            + "FROM a\nRUN mkdir /d\n"
            + "COPY --chown=n --from=s /q/n /d/n\n".repeat(700);

    assertThat(edited(hostile, ContextFiles.of(List.of()), false)).contains("RUN " + command);
  }

  @Test
  void rows_of_the_documentation_are_all_that_is_reported() throws Exception {
    String documented = java.nio.file.Files.readString(java.nio.file.Path.of("../README.md"));
    for (Case one : cases()) {
      Stream.concat(one.all("warned").stream(), one.all("refused").stream())
          .map(text -> text.replaceFirst("^[0-9]+ ", ""))
          .collect(java.util.stream.Collectors.toCollection(TreeSet::new))
          .forEach(code -> assertThat(documented).contains("`" + code + "`"));
    }
  }

  private static ContextFile file(String path, String target) {
    return new ContextFile(target.isEmpty() ? 0100644 : 0120000, "0".repeat(40), path, target);
  }

  private static String digest(String dockerfile, ContextFile... files) {
    return digest(edited(dockerfile, ContextFiles.of(List.of(files)), true));
  }

  private static String digest(String edited) {
    Matcher digest = DIGEST.matcher(edited);
    assertThat(digest.find()).as(edited).isTrue();
    return digest.group();
  }

  private static String edited(String dockerfile, ContextFiles files, boolean cache) {
    Verdict verdict =
        KanikoDialect.of(
            dockerfile.getBytes(ISO_8859_1),
            new BuildRequest(Map.of(), Optional.empty(), PLATFORM, cache, files));
    return new String(((Verdict.Builds) verdict).dockerfile(), ISO_8859_1);
  }
}
