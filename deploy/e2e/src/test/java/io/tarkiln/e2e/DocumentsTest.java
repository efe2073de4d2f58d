package io.tarkiln.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.e2e.document.Checkout;
import io.tarkiln.e2e.document.MarkdownPage;
import io.tarkiln.e2e.document.VariableTable;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the pages of the repository against its files and its code. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Path VARIABLES = Path.of("deploy/handbook/variables.md");

  /** Tells of what there was. */
  private static final Path CHANGELOG = Path.of("CHANGELOG.md");

  /** Names of others that look like classes of ours. */
  private static final Set<String> OTHERS =
      Set.of(
          "HttpURLConnection",
          "HttpClient",
          "KafkaUser",
          "TriggerAuthentication",
          "GetObject",
          "PutObject",
          "DeleteObject",
          "ListBucket",
          "AbortMultipartUpload");

  private static final Pattern CLASS_NAME =
      Pattern.compile("([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:[.(].*)?");
  private static final Pattern PACKAGE_OR_CLASS = Pattern.compile("io(?:\\.\\w+)+");
  private static final Pattern PATH =
      Pattern.compile(
          "((?:common|checkout-worker|dockerfile-rewriter|build-submitter|artifact-pusher|deploy)"
              + "/[\\w./-]+)(?: .*)?");

  /** A variable that is read with a default, which stands there as a number, duration or switch. */
  private static final Pattern READ =
      Pattern.compile(
          "\\.(?:number|duration|isOn)\\(\\s*\"(TARKILN_\\w+)\",\\s*"
              + "([\\d_]+|true|false|Duration\\.of\\w+\\(\\d+\\))\\)");

  private static Checkout checkout;
  private static List<MarkdownPage> pages;
  private static List<MarkdownPage> current;

  @BeforeAll
  static void read() throws IOException {
    checkout = Checkout.here();
    pages = checkout.pages();
    current = pages.stream().filter(page -> !page.path().equals(CHANGELOG)).toList();
  }

  @Test
  void every_link_leads_to_a_file_and_a_heading_that_are_there() {
    assertThat(pages).hasSizeGreaterThan(20);
    assertThat(
            pages.stream()
                .flatMap(
                    page ->
                        page.links().stream()
                            .filter(link -> !link.matches("[a-z]+:.*") && !resolves(page, link))
                            .map(link -> page + ": " + link)))
        .isEmpty();
  }

  private static boolean resolves(MarkdownPage page, String link) {
    Path target = page.target(link);
    if (!checkout.has(target)) {
      return false;
    }
    Optional<MarkdownPage> other =
        pages.stream()
            .filter(p -> p.path().equals(target) || p.path().equals(target.resolve("README.md")))
            .findFirst();
    String anchor = link.replaceFirst("[^#]*#?", "");
    return anchor.isEmpty() || other.filter(p -> p.anchors().contains(anchor)).isPresent();
  }

  @Test
  void readme_is_the_way_in_and_leads_to_every_other_page() {
    assertThat(checkout.text(README).getBytes(UTF_8).length).isLessThanOrEqualTo(10_240);

    Set<Path> reached = new TreeSet<>(Set.of(README));
    Set<Path> before = Set.of();
    while (!before.equals(reached)) {
      before = Set.copyOf(reached);
      for (MarkdownPage page : pages) {
        if (before.contains(page.path())) {
          page.links().stream()
              .filter(link -> !link.matches("[a-z]+:.*"))
              .map(page::target)
              .flatMap(target -> Stream.of(target, target.resolve("README.md")))
              .forEach(reached::add);
        }
      }
    }
    assertThat(pages.stream().map(MarkdownPage::path)).isSubsetOf(reached);
  }

  @Test
  void every_page_opens_with_a_sentence_below_its_heading() {
    assertThat(current)
        .filteredOn(page -> !page.text().matches("(?s)# [^\\n]+\\n\\n[\\p{L}`*\\[].*"))
        .isEmpty();
  }

  @Test
  void classes_packages_and_paths_that_pages_name_are_there() {
    Set<String> names = checkout.names();
    Set<String> packages =
        checkout.files().stream()
            .map(file -> file.toString().replaceFirst("\\.java$", "").replace('/', '.'))
            .collect(Collectors.toSet());

    assertThat(
            current.stream()
                .flatMap(
                    page ->
                        page.spans().stream()
                            .filter(span -> !isThere(span, names, packages))
                            .map(span -> page + ": " + span)))
        .isEmpty();
  }

  private static boolean isThere(String span, Set<String> names, Set<String> packages) {
    var named = CLASS_NAME.matcher(span);
    if (named.matches()) {
      return names.contains(named.group(1)) || OTHERS.contains(named.group(1));
    }
    if (PACKAGE_OR_CLASS.matcher(span).matches()) {
      return packages.stream().anyMatch(one -> (one + ".").contains("java." + span + "."));
    }
    var path = PATH.matcher(span);
    return !path.matches()
        || path.group(1).contains("...")
        || path.group(1).endsWith("/target")
        || checkout.has(Path.of(path.group(1)));
  }

  @Test
  void no_page_names_a_place_of_somebodys_machine() {
    assertThat(
            pages.stream()
                .flatMap(
                    page ->
                        Pattern.compile(
                                "(?<![\\w.])/(?:home/(?!me/|app\\b)|root/|work/|tmp/w|Users/)\\S*")
                            .matcher(page.text())
                            .results()
                            .map(found -> page + ": " + found.group())))
        .isEmpty();
  }

  @Test
  void variables_are_those_of_the_code() {
    Set<String> documented = VariableTable.of(page(VARIABLES)).names();
    Set<String> used = VariableTable.mentioned(checkout.texts(DocumentsTest::readsVariables));

    assertThat(used).contains("TARKILN_BUCKET", "TARKILN_UPSTREAM_", "TARKILN_CHANGED_SINCE");
    assertThat(used).allMatch(name -> VariableTable.isAmong(name, documented));
    assertThat(documented)
        .allMatch(
            name ->
                used.contains(name)
                    || used.stream()
                        .anyMatch(one -> one.endsWith("UPSTREAM_") && name.startsWith(one)));
    current.forEach(
        page ->
            assertThat(VariableTable.mentioned(page.text()))
                .as(page.toString())
                .allMatch(name -> VariableTable.isAmong(name, documented)));
  }

  private static boolean readsVariables(String file) {
    return file.contains("/src/main/")
        || file.startsWith("deploy/ci/") && !file.endsWith(".md")
        || file.startsWith("deploy/helm/templates/")
        || file.equals("deploy/tarkiln");
  }

  @Test
  void variables_have_the_defaults_of_the_code() {
    VariableTable table = VariableTable.of(page(VARIABLES));
    List<MatchResult> read =
        READ.matcher(checkout.texts(file -> file.contains("/src/main/") && file.endsWith(".java")))
            .results()
            .toList();

    assertThat(read).hasSizeGreaterThan(20);
    assertThat(read)
        .allSatisfy(
            variable ->
                assertThat(table.defaults(variable.group(1)))
                    .as(variable.group())
                    .anyMatch(cell -> says(cell, variable.group(2))));
  }

  private static boolean says(String cell, String value) {
    Stream<String> words = Arrays.stream(cell.split("[\\s;,`]+"));
    return value.startsWith("Duration")
        ? words
            .filter(word -> word.matches("\\d+[smh]"))
            .anyMatch(word -> of(word).equals(in(value)))
        : words.anyMatch(value.replace("_", "")::equals);
  }

  private static Duration of(String text) {
    return Settings.of(Map.of("any", text)).duration("any", Duration.ZERO);
  }

  /** Of {@code Duration.ofMinutes(15)}. */
  private static Duration in(String java) {
    String[] parts = java.replaceFirst("Duration\\.of", "").split("[()]");
    return Duration.of(
        Long.parseLong(parts[1]), ChronoUnit.valueOf(parts[0].toUpperCase(Locale.ROOT)));
  }

  private static MarkdownPage page(Path path) {
    return pages.stream().filter(page -> page.path().equals(path)).findFirst().orElseThrow();
  }
}
