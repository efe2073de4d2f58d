package io.tarkiln.e2e.conformance.cases;

import io.tarkiln.testkit.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A git repository with one commit for each version of a case. Git itself makes it, as Java cannot
 * name files that are not UTF-8.
 *
 * @param folder a bare repository
 */
public record CaseRepository(Path folder) {
  private static final String BRANCH = "refs/heads/main";

  public static CaseRepository make(Path folder, ConformanceCase one) throws IOException {
    Program.of("git", "init", "--quiet", "--bare", "--initial-branch=main", folder.toString())
        .output();
    CaseRepository made = new CaseRepository(folder);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    commit(stream, 1, one.first());
    if (one.isBuiltTwice()) {
      commit(stream, 2, one.second());
    }
    made.git(stream.toByteArray(), "fast-import", "--quiet");
    return made;
  }

  private static void commit(ByteArrayOutputStream stream, int version, List<CaseFile> files) {
    line(stream, "commit " + BRANCH);
    line(stream, "committer Test <test@example.com> " + (1_600_000_000 + version) + " +0000");
    line(stream, "data 0");
    for (CaseFile file : files) {
      if (file.deleted()) {
        line(stream, "D " + quoted(file.path()));
      } else if (file.renamedFrom().isPresent()) {
        line(stream, "R %s %s".formatted(quoted(file.renamedFrom().get()), quoted(file.path())));
      } else {
        line(stream, "M %s inline %s".formatted(file.kind().mode(), quoted(file.path())));
        line(stream, "data " + file.content().length);
        stream.writeBytes(file.content());
        line(stream, "");
      }
    }
    line(stream, "");
  }

  private static String quoted(String path) {
    return '"' + path.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static void line(ByteArrayOutputStream stream, String text) {
    stream.writeBytes((text + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  public String url() {
    return "file://" + folder;
  }

  /** The commit of the first version, or of the second. */
  public String commit(int version) throws IOException {
    String first = git("rev-list", "--max-parents=0", BRANCH);
    return version == 1 ? first : git("rev-parse", BRANCH);
  }

  /** Writes the files of a version as a clone would have them. */
  public void checkOut(int version, Path into) throws IOException {
    Files.createDirectories(into);
    String commit = commit(version);
    git("read-tree", commit);
    git("--work-tree=" + into, "checkout-index", "--all", "--force");
  }

  private String git(String... arguments) throws IOException {
    return git(new byte[0], arguments);
  }

  private String git(byte[] input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "--git-dir=" + folder));
    command.addAll(List.of(arguments));
    return Program.of(command).reading(input).output();
  }
}
