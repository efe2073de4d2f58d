package io.tarkiln.e2e.agreement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.build.BuildId;
import io.tarkiln.checkout.CheckoutStep;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.Event;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.policy.Policies;
import io.tarkiln.samples.SampleEvents;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GitRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kaniko unpacks contexts with Go's archive/tar, so that has to read the very bytes of git. */
@Tag("kaniko")
class GoReadsArchivesTest {
  private static final List<String> NAMES =
      List.of(
          "caf\u00e9.txt",
          "caf\u00ea.txt",
          "\u00c3\u00a9",
          "new\nline",
          "back\\slash",
          "x\u00ff".repeat(120),
          ("d\u00e9".repeat(60) + "/").repeat(3) + "f\u00e9",
          "a".repeat(92) + "/" + "b".repeat(99));
  private static final String TARGET = "../../out/" + "\u00e9\n".repeat(90);

  @TempDir Path folder;

  @Test
  void with_all_names_and_targets_that_are_no_text() throws Exception {
    IgnoreOracle oracle = IgnoreOracle.in(folder);
    GitRepository repository =
        GitRepository.in(folder.resolve("shop")).file("Dockerfile", "").committed();
    String empty = repository.git("rev-parse", "HEAD:Dockerfile");
    Path target = Files.write(folder.resolve("target"), TARGET.getBytes(ISO_8859_1));
    String link = repository.git("hash-object", "-w", target.toString());
    StringBuilder index = new StringBuilder();
    NAMES.forEach(name -> index.append("100644 " + empty + "\t" + name + "\0"));
    index.append("120000 " + link + "\tl\u00ef\0");
    repository.git(index.toString().getBytes(ISO_8859_1), "update-index", "-z", "--index-info");
    repository.git("commit", "--quiet", "--message", "names");

    List<String> entries = oracle.entries(archive(repository));

    for (String name : NAMES) {
      assertThat(entries).contains("0 " + hex("source/" + name) + " ");
    }
    assertThat(entries).contains("2 " + hex("source/l\u00ef") + " " + hex(TARGET));
  }

  private static String hex(String raw) {
    return HexFormat.of().formatHex(raw.getBytes(ISO_8859_1));
  }

  private Path archive(GitRepository repository) throws Exception {
    Settings settings =
        Settings.of(
            Map.of(
                "TARKILN_GIT_CACHE",
                folder.resolve("cache").toString(),
                "TARKILN_GIT_ALLOW_FILE",
                "true"));
    ObjectStore store = TestS3.newStore();
    try (CheckoutStep checkout = new CheckoutStep(GitSettings.of(settings), store, Policies.NONE)) {
      BuildRequested request =
          SampleEvents.requested(
              "shop", new BuildRequested.Source(repository.url(), "main"), "app");
      SourceCheckedOut checkedOut =
          (SourceCheckedOut)
              checkout.run(Event.first(BuildId.next(), "cli", request)).events().get(0).data();
      return Files.write(
          folder.resolve("archive.tar.gz"),
          store.read(checkedOut.input().sourceKey()).orElseThrow());
    }
  }
}
