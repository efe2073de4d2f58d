package io.tarkiln.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {
  @TempDir Path folder;
  private Path file;
  private Policies policies;

  @BeforeEach
  void make() throws Exception {
    file = folder.resolve("policy.yaml");
    policies = new Policies(Optional.of(file), Optional.of("harbor.example.com"));
    write(
        """
        rules:
          - workloads: shop
            repositories: [git.example.com/acme/shop, "git.example.com/acme/shop-*"]
            images: harbor.example.com/shop/*
            tags: ["1.*", latest]

          - workloads: guarded
            repositories: git.example.com/acme/guarded
            images: harbor.example.com/guarded/*
            protected: [refs/heads/main, "refs/tags/*"]
            reserved: ["1.*", latest]

          - workloads: ["team-*"]
            repositories: git.example.com/teams/**
            images: harbor.example.com/**
        """);
  }

  private void write(String yaml) throws Exception {
    Files.writeString(file, yaml);
  }

  @ParameterizedTest
  @CsvSource({
    "shop, https://git.example.com/acme/shop.git",
    "shop, https://git.example.com/acme/shop",
    "shop, git@git.example.com:acme/shop.git",
    "shop, ssh://git@GIT.example.com/acme/shop-lib.git/",
    "team-a, https://git.example.com/teams/a/deep/b",
    "team-a, https://git.example.com/teams/My%20Project/_git/r",
    "team-a, 'ssh://git@git.example.com/teams/%C3%BC'",
  })
  void lets_workloads_be_built_from_their_repositories(String workload, String address) {
    assertThatCode(() -> policies.checkRepository(workload, address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "shop, https://git.example.com/acme/other, line 2",
    "shop, https://git.example.com/acme/shop-x/y, line 2",
    "shop, https://evil.example/git.example.com/acme/shop, line 2",
    "shop, https://git.example.com/acme/x/../shop, line 2",
    "shop, https://git.example.com/acme/%73hop, line 2",
    "team-a, https://git.example.com/teams/%2e%2e/acme/shop, line 13",
    "team-a, https://git.example.com/teams%2Facme, line 13",
    "team-a, https://git.example.com/teams/100%, line 13",
    "team-a, https://[::1]/teams/a, line 13",
    "team-a, 'git@[::1]:teams/a', line 13",
    "shop, https://evil.example?git.example.com/acme/shop, line 2",
    "shop, https://git.example.com:8443/acme/shop, line 2",
    "team-a, https://git.example.com/acme/shop, line 13",
    "other, https://git.example.com/acme/shop, no rule",
  })
  void refuses_all_others_and_names_the_line(String workload, String address, String hint) {
    RejectedException refused =
        catchThrowableOfType(
            RejectedException.class, () -> policies.checkRepository(workload, address));

    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused).hasMessageContaining(hint);
  }

  @Test
  void holds_tags_and_images_against_the_rule() {
    assertThatCode(() -> policies.checkImages("shop", List.of("api"), "1.4", List.of("latest")))
        .doesNotThrowAnyException();
    assertThat(refusal("shop", "api", "2.0")).contains("tag 2.0").contains("line 2");
    Policies elsewhere = policies.writingTo("harbor.example.com/other");
    assertThat(
            catchThrowableOfType(
                RejectedException.class,
                () -> elsewhere.checkImages("shop", List.of("api"), "1.4", List.of())))
        .hasMessageContaining("harbor.example.com/other/shop/api");
  }

  private String refusal(String workload, String service, String tag) {
    return catchThrowableOfType(
            RejectedException.class,
            () -> policies.checkImages(workload, List.of(service), tag, List.of()))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "guarded, refs/heads/main, true",
    "guarded, refs/tags/1.4.0, true",
    "guarded, refs/pull/7/merge, false",
    "guarded, refs/heads/main2, false",
    "guarded, refs/heads/feature, false",
    "guarded, main, false",
    "guarded, HEAD, false",
    "guarded, 4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a4f2c1e9a, false",
    "shop, refs/pull/7/merge, true",
  })
  void trusts_builds_of_protected_revisions_and_of_all_where_none_are(
      String workload, String revision, boolean isTrusted) throws Exception {
    assertThat(policies.trusts(workload, revision)).isEqualTo(isTrusted);
    assertThat(Policies.NONE.trusts(workload, revision)).isTrue();
  }

  @Test
  void keeps_reserved_tags_for_builds_of_protected_revisions() throws Exception {
    policies.checkTags("guarded", "refs/heads/main", "1.4.0", List.of("latest"));
    policies.checkTags("guarded", "refs/pull/7/merge", "pr-7", List.of());

    RejectedException refused =
        catchThrowableOfType(
            RejectedException.class,
            () -> policies.checkTags("guarded", "refs/pull/7/merge", "pr-7", List.of("latest")));

    assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(refused)
        .hasMessageContaining("refs/pull/7/merge")
        .hasMessageContaining("tag latest")
        .hasMessageContaining("refs/heads/main, refs/tags/*")
        .hasMessageContaining("line 7");
  }

  @Test
  void allows_all_without_a_file() {
    assertThatCode(() -> Policies.NONE.checkRepository("any", "https://any.example/x"))
        .doesNotThrowAnyException();
  }

  @Test
  void counts_a_file_that_changes_from_then_on() throws Exception {
    write("rules: []\n");

    assertThat(
            catchThrowableOfType(
                RejectedException.class,
                () -> policies.checkRepository("shop", "https://git.example.com/acme/shop")))
        .hasMessageContaining("no rule");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rule: []",
        "rules: {}",
        "rules: [x]",
        "rules:\n  - {workloads: a, repositories: b}",
        "rules:\n  - {workloads: a, repositories: b, images: c, tag: d}",
        "rules:\n  - {workloads: a, repositories: b, images: [[c]]}",
        "rules:\n  - {workloads: a, repositories: b, images: c, protected: refs/heads/main}",
        "rules:\n  - {workloads: a, repositories: b, images: c, reserved: latest}",
        "rules: [",
        "rules: []\nmore: 1",
      })
  void allows_nothing_while_the_file_is_broken(String yaml) throws Exception {
    write(yaml);

    assertThat(
            catchThrowableOfType(
                UnavailableException.class,
                () -> policies.checkRepository("shop", "https://git.example.com/acme/shop")))
        .hasMessageContaining("TARKILN_POLICY");
  }
}
