package io.tarkiln.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.TestS3;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitHttpServer;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What travels from a real git server, in bytes. Files are noise, which does not shrink. */
@Tag("server")
class PartialFetchTest {
  private static final ObjectStore store = TestS3.newStore();
  private static final int LARGE = 300_000;

  @TempDir Path folder;
  private final Random random = new Random();
  private GitRepository repository;
  private GitHttpServer server;
  private CheckoutStep checkout;

  @BeforeEach
  void make() throws Exception {
    repository = GitRepository.in(folder.resolve("repositories/mono"));
    repository.file("api/Dockerfile", "FROM alpine\n").file("web/Dockerfile", "FROM alpine\n");
    noise("api/data", LARGE);
    noise("web/data", LARGE);
    noise("other/data", LARGE);
    repository.commit();
    noise("other/data", LARGE);
    repository.commit();
    server = GitHttpServer.plain(folder.resolve("repositories"));
    checkout = checkout("cache");
  }

  @AfterEach
  void close() {
    checkout.close();
    server.close();
  }

  private CheckoutStep checkout(String cache) throws Exception {
    return new CheckoutStep(CheckoutRequests.settings(folder.resolve(cache)), store, Policies.NONE);
  }

  private void noise(String path, int size) throws Exception {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Path file = repository.folder().resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void fetches_the_context_of_one_service_and_no_history() throws Exception {
    build("main", "api=api");

    assertThat(server.bytes()).isBetween((long) LARGE, LARGE + 20_000L);
  }

  @Test
  void fetches_only_what_changed_since_the_last_commit() throws Exception {
    build("main", "api=api", "web=web");
    server.bytes();
    noise("api/small", 5_000);
    repository.commit();

    build("main", "api=api", "web=web");

    assertThat(server.bytes()).isBetween(5_000L, 15_000L);
  }

  @Test
  void fetches_no_file_but_the_dockerfile_when_the_tree_is_in_s3() throws Exception {
    String key = build("main", "api=api");
    server.bytes();

    try (CheckoutStep elsewhere = checkout("cache-of-another")) {
      assertThat(build(elsewhere, "main", "api=api")).isEqualTo(key);
    }

    assertThat(server.bytes()).isLessThan(5_000);
  }

  @Test
  void asks_for_names_only_when_the_same_commit_is_built_again() throws Exception {
    build("main", "api=api");
    server.requests();

    build("main", "api=api");
    assertThat(server.requests()).isLessThanOrEqualTo(2);

    build(repository.git("rev-parse", "HEAD"), "api=api");
    assertThat(server.requests()).isZero();
  }

  @Test
  void shares_an_object_among_services_with_the_same_context() throws Exception {
    assertThat(build("main", "one=api")).isEqualTo(build("main", "two=api"));
  }

  @ParameterizedTest
  @CsvSource({"false, true", "false, false", "true, false"})
  void does_with_old_servers_what_they_can(boolean filters, boolean version2) throws Exception {
    server.old(filters, version2);

    build("main", "api=api");
    noise("api/small", 5_000);
    repository.commit();
    build("main", "api=api");
    build(repository.git("rev-parse", "HEAD~1"), "web=web");
    build(repository.git("rev-parse", "--short", "HEAD~1"), "web=web");
  }

  @Test
  void finds_a_ref_among_ten_thousand_without_listing_them() throws Exception {
    String commit = repository.git("rev-parse", "HEAD");
    StringBuilder refs = new StringBuilder("# pack-refs with: peeled fully-peeled sorted \n");
    for (int i = 0; i < 10_000; i++) {
      refs.append(commit).append(" refs/tags/v%05d\n".formatted(i));
    }
    Files.writeString(repository.folder().resolve(".git/packed-refs"), refs);

    build("v07777", "api=api");

    assertThat(server.bytes()).isLessThan(LARGE + 20_000L);
  }

  @ParameterizedTest
  @CsvSource({"refs/pull/7/head", "pull/7/head", "refs/merge-requests/8/head"})
  void finds_refs_of_pull_requests(String revision) throws Exception {
    repository.git("update-ref", "refs/pull/7/head", "HEAD~1");
    repository.git("update-ref", "refs/merge-requests/8/head", "HEAD~1");

    assertThat(checkedOut(checkout, revision, "api=api").plan().commit())
        .isEqualTo(repository.git("rev-parse", "HEAD~1"));
  }

  @Test
  void takes_no_branch_for_the_tag_whose_full_name_it_has() throws Exception {
    repository.git("update-ref", "refs/heads/refs/tags/1.4.0", "HEAD~1");

    assertThat(
            catchThrowableOfType(
                    RejectedException.class,
                    () -> checkedOut(checkout, "refs/tags/1.4.0", "api=api"))
                .reason())
        .isEqualTo(Reason.NO_SUCH_REVISION);
  }

  private String build(String revision, String... services) throws Exception {
    return build(checkout, revision, services);
  }

  private String build(CheckoutStep by, String revision, String... services) throws Exception {
    return checkedOut(by, revision, services).input().sourceKey();
  }

  private SourceCheckedOut checkedOut(CheckoutStep by, String revision, String... services)
      throws Exception {
    Event<BuildRequested> event = CheckoutRequests.of(server.url("mono/.git"), revision, services);
    return (SourceCheckedOut) by.run(event).events().get(0).data();
  }
}
