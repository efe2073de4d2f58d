package io.tarkiln.kaniko.launch;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.kaniko.KanikoArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** A build whose RUN lasts, for tests of what becomes of processes. */
final class SleepingBuild {
  /** As few as Kaniko needs. */
  static final List<String> ARGUMENTS =
      List.of(
          "--dockerfile=" + KanikoArguments.DOCKERFILE,
          "--context=tar://" + KanikoArguments.CONTEXT,
          "--no-push",
          "--tar-path=" + KanikoArguments.IMAGE_TAR);

  private SleepingBuild() {}

  /** Puts a source with a shell and a Dockerfile with this command into a run's directory. */
  static void into(RunDirectory directory, String command) throws IOException {
    ArchiveWriter source =
        new ArchiveWriter()
            .file("sh", Files.readAllBytes(GoTools.provide("sh")), 0755)
            .file("sleep", Files.readAllBytes(GoTools.provide("uroot").resolve("sleep")), 0755);
    Files.write(directory.context(), source.bytes());
    Files.writeString(
        directory.dockerfile(), "FROM scratch\nCOPY sh sleep /bin/\nRUN " + command + "\n");
  }
}
