package io.tarkiln.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitChecksTest {
  @TempDir Path folder;

  @Test
  void is_content_with_accounts_keys_and_a_policy() throws Exception {
    Files.writeString(folder.resolve("id_ed25519"), "key");
    Files.writeString(folder.resolve("known_hosts"), "hosts");
    Path accounts =
        Files.writeString(folder.resolve("accounts"), "https://me:t0ken@git.example.com\n");
    Path policy = Files.writeString(folder.resolve("policy.yaml"), "rules: []\n");

    assertThat(verdicts(accounts, policy))
        .allMatch(finding -> finding.verdict() == CheckResult.Verdict.OK);
  }

  @Test
  void says_what_is_wrong_and_shows_no_password() throws Exception {
    Files.writeString(folder.resolve("id_ed25519"), "key");
    Path accounts = Files.writeString(folder.resolve("accounts"), "https://me:t0/ken@git\n");
    Path policy = Files.writeString(folder.resolve("policy.yaml"), "rules:\n  - x\n");

    var findings = verdicts(accounts, policy);

    assertThat(findings).filteredOn(f -> f.verdict() == CheckResult.Verdict.FAULT).hasSize(3);
    assertThat(findings.toString())
        .contains("line 1", "known_hosts", "line 2")
        .doesNotContain("t0/ken");
  }

  @Test
  void shows_hosts_and_limits() {
    var findings =
        new GitChecks(
                Settings.of(
                    Map.of(
                        "TARKILN_SSH_DIR", folder.toString(),
                        "TARKILN_GIT_HOSTS", "git.example.com",
                        "TARKILN_GIT_FETCH_TIME", "5m",
                        "TARKILN_SOURCE_LIMIT_FILES", "many")))
            .all();

    assertThat(findings.toString()).contains("git.example.com", "TARKILN_SOURCE_LIMIT_FILES=many");
    assertThat(findings)
        .filteredOn(f -> f.verdict() == CheckResult.Verdict.FAULT)
        .extracting(CheckResult::what)
        .containsExactly("git limits");
  }

  private java.util.List<CheckResult> verdicts(Path accounts, Path policy) {
    return new GitChecks(
            Settings.of(
                Map.of(
                    "TARKILN_GIT_CREDENTIALS",
                    accounts.toString(),
                    "TARKILN_SSH_DIR",
                    folder.toString(),
                    "TARKILN_POLICY",
                    policy.toString())))
        .all();
  }
}
