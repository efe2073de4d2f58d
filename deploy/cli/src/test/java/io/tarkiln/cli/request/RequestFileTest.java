package io.tarkiln.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested.RequestedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestFileTest {
  @TempDir private Path folder;

  static List<List<String>> wrongFiles() {
    return List.of(
        List.of("workloads: shop\n", "line 1: there is no key 'workloads' here; there are auto, "),
        List.of("services: [", "line 1: not YAML"),
        List.of("services:\n  - {name: api, args: {}}\n", "line 2: there is no key 'args'"),
        List.of("tag: a\n\ntag: b\n", "line 3: 'tag' is there twice"),
        List.of("services:\n  - {name: a, build-args: {V: 1, V: 2}}\n", "line 2: 'V' is there"),
        List.of("tag: a\n---\ntag: b\n", "line 3: a second document"),
        List.of("tag: a\nservices:\n\t- {name: a}\n", "line 3: not YAML: found character"),
        List.of("tag: [a]\n", "line 1: 'tag' must be text"),
        List.of("tag: a\nextra-tags: b\n", "line 2: 'extra-tags' must be a list"),
        List.of("extra-tags: [{}]\n", "line 1: each of 'extra-tags' must be text"),
        List.of("cache: maybe\n", "line 1: 'cache' must be true or false"),
        List.of("services: {name: a}\n", "line 1: 'services' must be a list"),
        List.of("services:\n  - api\n", "line 2: each of 'services' must be keys with values"),
        List.of("services:\n  - {context: .}\n", "line 2: the service has no 'name'"),
        List.of("services: [{name: a, build-args: [V]}]\n", "'build-args' must be keys"),
        List.of("services: [{name: a, build-args: {V: [1]}}]\n", "line 1: 'V' must be text"),
        List.of("services: [{name: a, build-args: {<<: {V: 1}}}]\n", "line 1: '<<' must be text"),
        List.of("tag: *gone\n", "line 1: not YAML: found undefined alias"),
        List.of("- tag\n", "line 1: the file must be keys with values"),
        List.of("tag: a\nrevision: 'a\0b'\n", "line 2: not YAML: it has the character U+0000"),
        List.of("", "nothing in it"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void is_refused_in_a_sentence_when_it_is_wrong(List<String> textAndSentence) throws IOException {
    Path file = yaml(textAndSentence.get(0));

    assertThatThrownBy(() -> RequestFile.read(file))
        .isInstanceOfSatisfying(CliException.class, wrong -> assertThat(wrong.exit()).isEqualTo(2))
        .hasMessageContaining("tarkiln.yaml")
        .hasMessageContaining(textAndSentence.get(1))
        .hasMessageNotContainingAny("\n", "java", "Exception", "io.tarkiln");
  }

  @Test
  void is_refused_when_it_is_not_utf_8() throws IOException {
    Path file = Files.write(folder.resolve("tarkiln.yaml"), new byte[] {'a', ':', (byte) 0xff});

    assertThatThrownBy(() -> RequestFile.read(file)).hasMessageContaining("not text in UTF-8");
  }

  @Test
  void is_refused_when_it_is_not_there() {
    assertThatThrownBy(() -> RequestFile.read(folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml")
        .hasMessageContaining("not there");
  }

  @Test
  void has_what_its_aliases_stand_for() throws Exception {
    Path file =
        yaml(
            """
            workload: &w shop
            services:
              - {name: *w, build-args: &args {V: &v 1.10, W: *v, N: , NULL: null, YES: yes}}
              - {name: web, build-args: *args}
            """);

    List<RequestedService> services = RequestFile.read(file).services();

    assertThat(services).extracting(RequestedService::name).containsExactly("shop", "web");
    assertThat(services)
        .allSatisfy(
            service ->
                assertThat(service.buildArgs())
                    .containsExactlyInAnyOrderEntriesOf(
                        Map.of("V", "1.10", "W", "1.10", "N", "", "NULL", "", "YES", "yes")));
  }

  @Test
  void has_nothing_for_keys_without_values() throws Exception {
    RequestFile file =
        RequestFile.read(yaml("tag:\ncache:\nextra-tags:\nservices: [{name: api, context: }]\n"));

    assertThat(file.tag()).isEmpty();
    assertThat(file.cache()).isTrue();
    assertThat(file.extraTags()).isEmpty();
    assertThat(file.services().get(0).context()).isEqualTo(".");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("tarkiln.yaml"), text);
  }
}
