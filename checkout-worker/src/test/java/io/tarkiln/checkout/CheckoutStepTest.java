package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class CheckoutStepTest {
  private static final ObjectStore store = TestS3.newStore();

  @TempDir Path folder;
  private GitRepository repository;
  private CheckoutStep checkout;
  private String first;
  private String second;

  @BeforeEach
  void make() throws Exception {
    repository =
        GitRepository.in(folder.resolve("shop"))
            .file("Dockerfile", "FROM alpine\n")
            .file("web/Dockerfile", "FROM busybox\n")
            .file("web/page.html", "one\n");
    first = repository.commit();
    repository.git("tag", "light");
    repository.git("tag", "--annotate", "--message", "noted", "v1");
    second = repository.file("web/page.html", "two\n").commit();
    repository.git("branch", "topic/two");
    checkout = new CheckoutStep(CheckoutRequests.settings(folder), store, Policies.NONE);
  }

  @AfterEach
  void close() {
    checkout.close();
  }

  @ParameterizedTest
  @CsvSource({
    "main, 2",
    "HEAD, 2",
    "topic/two, 2",
    "refs/heads/main, 2",
    "light, 1",
    "v1, 1",
    "tags/v1, 1"
  })
  void finds_a_revision_by_name(String revision, int commit) throws Exception {
    assertThat(commit(revision)).isEqualTo(commit == 1 ? first : second);
  }

  @Test
  void finds_a_revision_by_commit() throws Exception {
    assertThat(commit(first)).isEqualTo(first);
    assertThat(commit(first.substring(0, 7))).isEqualTo(first);
    assertThat(commit(second.substring(0, 12))).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no-such", "deadbeef", "0123456789012345678901234567890123456789", "main~1", "-x"})
  void names_repository_and_revision_when_there_is_none(String revision) {
    RejectedException refused = rejected(CheckoutRequests.of(repository.url(), revision, "app=."));

    assertThat(refused.reason()).isIn(Reason.NO_SUCH_REVISION, Reason.BAD_REQUEST);
    assertThat(refused).hasMessageContaining(revision);
  }

  @Test
  void stores_the_source_and_the_dockerfile_and_names_both() throws Exception {
    Event<BuildRequested> event = CheckoutRequests.of(repository.url(), "main", "web=web", "app=.");

    List<SourceCheckedOut> checkedOut = checkedOut(event);

    assertThat(checkedOut).extracting(SourceCheckedOut::service).containsExactly("web", "app");
    assertThat(checkedOut.get(0).plan().services()).containsExactly("web", "app");
    assertThat(checkedOut.get(0).plan().commit()).isEqualTo(second);
    assertThat(store.exists(checkedOut.get(0).input().sourceKey())).isTrue();
    assertThat(store.read(ObjectKeys.dockerfile(event.build(), "web")))
        .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("FROM busybox\n"));
  }

  @Test
  void builds_the_same_commit_when_the_branch_has_moved_and_the_event_comes_again()
      throws Exception {
    Event<BuildRequested> event = CheckoutRequests.of(repository.url(), "main", "web=web");
    List<SourceCheckedOut> before = checkedOut(event);
    repository.file("web/page.html", "three\n").commit();

    assertThat(checkedOut(event)).isEqualTo(before);
    assertThat(commit("main")).isNotEqualTo(second);
  }

  @Test
  void sends_a_source_once() throws Exception {
    String key =
        checkedOut(CheckoutRequests.of(repository.url(), "main", "web=web"))
            .get(0)
            .input()
            .sourceKey();
    store.write(key, new byte[] {42});

    checkedOut(CheckoutRequests.of(repository.url(), "main", "web=web"));

    assertThat(store.read(key)).hasValue(new byte[] {42});
  }

  @Test
  void passes_a_service_on_that_only_gets_a_new_tag() throws Exception {
    BuildRequested request = CheckoutRequests.of(repository.url(), "main", "app=.").data();
    Event<BuildRequested> event =
        Event.first(
            BuildId.next(),
            "cli",
            new BuildRequested(
                request.workload(),
                "2",
                List.of(),
                request.source(),
                List.of(
                    new BuildRequested.RequestedService(
                        "app", ".", null, Map.of(), Optional.empty(), Optional.of("1"))),
                true,
                true));

    assertThat(checkout.run(event).events())
        .singleElement()
        .satisfies(checkedOut -> assertThat(checkedOut.data()).isInstanceOf(ImageBuilt.class));
  }

  @ParameterizedTest
  @CsvSource({
    "app=none, BAD_REQUEST, none",
    "app=Dockerfile, BAD_REQUEST, folder",
    "app=web:none, NO_DOCKERFILE, none",
    "app=../shop, BAD_REQUEST, ..",
    "app=/etc, BAD_REQUEST, /etc",
    "app=web:../../x, BAD_REQUEST, ..",
  })
  void refuses_paths_that_are_none(String service, Reason reason, String hint) {
    RejectedException refused = rejected(CheckoutRequests.of(repository.url(), "main", service));

    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused).hasMessageContaining(hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../..", "web/../..", "/.."})
  void refuses_a_context_that_is_a_link_out_of_the_repository(String target) throws Exception {
    repository.link("linked", target).commit();

    assertThat(rejected(CheckoutRequests.of(repository.url(), "main", "app=linked")).reason())
        .isEqualTo(Reason.PATH_OUTSIDE_REPOSITORY);
    assertThat(
            rejected(CheckoutRequests.of(repository.url(), "main", "app=linked/deeper")).reason())
        .isEqualTo(Reason.PATH_OUTSIDE_REPOSITORY);
  }

  @ParameterizedTest
  @CsvSource({
    "linked, web, 'app=linked'",
    "linked, /web, 'app=linked'",
    "linked, web, 'app=web:linked/Dockerfile'",
    "linked, /web, 'app=.:linked/Dockerfile'",
    "web/deep/up, ../.., 'app=web/deep/up:web/deep/up/web/Dockerfile'",
    "web/Linked, /web/Dockerfile, 'app=web:web/Linked'",
    "web/Linked, ../web/./Dockerfile, 'app=web:web/Linked'",
    "web/Linked, /web/../web/Dockerfile, 'app=web:web/Linked'",
  })
  void follows_links_within_the_repository(String link, String target, String service)
      throws Exception {
    repository.file("web/Dockerfile", "FROM linked\n").link(link, target).commit();
    Event<BuildRequested> event = CheckoutRequests.of(repository.url(), "main", service);

    checkedOut(event);

    assertThat(store.read(ObjectKeys.dockerfile(event.build(), "app")))
        .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("FROM linked\n"));
  }

  @Test
  void finds_no_file_of_this_machine_by_a_link() throws Exception {
    repository.link("web/Linked", "/etc/passwd").link("linked", "/etc").commit();

    assertThat(
            rejected(CheckoutRequests.of(repository.url(), "main", "app=web:web/Linked")).reason())
        .isEqualTo(Reason.NO_DOCKERFILE);
    assertThat(rejected(CheckoutRequests.of(repository.url(), "main", "app=linked")).reason())
        .isEqualTo(Reason.BAD_REQUEST);
  }

  @Test
  void follows_a_link_to_a_dockerfile_in_the_repository_only() throws Exception {
    repository.link("web/Linked", "../Dockerfile").link("web/Out", "../../Dockerfile").commit();
    Event<BuildRequested> event =
        CheckoutRequests.of(repository.url(), "main", "app=web:web/Linked");
    repository.git("rm", "--quiet", "web/Out");
    repository.commit();

    checkedOut(event);

    assertThat(store.read(ObjectKeys.dockerfile(event.build(), "app")))
        .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("FROM alpine\n"));
  }

  @Test
  void keeps_to_the_policy() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            "rules:\n  - {workloads: shop, repositories: 'git.example.com/**', images: '**'}\n");
    try (CheckoutStep held =
        new CheckoutStep(
            CheckoutRequests.settings(folder.resolve("held")),
            store,
            new Policies(Optional.of(policy), Optional.empty()))) {
      RejectedException refused =
          catchThrowableOfType(
              RejectedException.class,
              () -> held.run(CheckoutRequests.of(repository.url(), "main", "app=.")));

      assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
      assertThat(refused).hasMessageContaining("line 2");
    }
  }

  @Test
  void says_that_there_is_no_repository() {
    String url = folder.resolve("none").toUri().toString();

    RejectedException refused = rejected(CheckoutRequests.of(url, "main", "app=."));

    assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
    assertThat(refused).hasMessageContaining("none");
  }

  @Test
  void a_file_that_is_no_repository_is_none() throws Exception {
    Path file = Files.writeString(folder.resolve("passwd"), "root:x:0:0\n");

    RejectedException refused =
        rejected(CheckoutRequests.of(file.toUri().toString(), "main", "app=."));

    assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_REPOSITORY);
  }

  @Test
  void fetches_anew_when_its_copy_is_broken() throws Exception {
    commit("main");
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".pack")).toList()) {
        assertThat(file.toFile().setWritable(true)).isTrue();
        Files.write(file, new byte[] {1});
      }
    }

    Event<BuildRequested> event = CheckoutRequests.of(repository.url(), "main", "app=.");
    assertThat(
            Stream.generate(() -> attempt(event)).limit(3).filter(Optional::isPresent).findFirst())
        .isPresent();
  }

  /** What a stage does when a step is unavailable, without the pause. */
  private Optional<List<SourceCheckedOut>> attempt(Event<BuildRequested> event) {
    try {
      return Optional.of(checkedOut(event));
    } catch (UnavailableException tryAgain) {
      return Optional.empty();
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  private String commit(String revision) throws Exception {
    return checkedOut(CheckoutRequests.of(repository.url(), revision, "app=."))
        .get(0)
        .plan()
        .commit();
  }

  private List<SourceCheckedOut> checkedOut(Event<BuildRequested> event) throws Exception {
    return checkout.run(event).events().stream()
        .map(Event::data)
        .map(SourceCheckedOut.class::cast)
        .toList();
  }

  private RejectedException rejected(Event<BuildRequested> event) {
    return catchThrowableOfType(RejectedException.class, () -> checkout.run(event));
  }
}
