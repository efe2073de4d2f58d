package io.tarkiln.bench.checkout;

import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A repository of made-up source code: services of many files of about 20 kB each. */
final class BenchRepository {
  private static final int LINES = 500;
  private static final String[] WORDS =
      ("public private final class void return int String List Map value request response build"
              + " image layer digest registry event topic stage source tree commit branch")
          .split(" ");

  private final GitRepository git;
  private final Random random = new Random(42);

  private BenchRepository(GitRepository git) {
    this.git = git;
  }

  /** Makes one with so many services of so many files. */
  static BenchRepository in(Path folder, int services, int files) throws IOException {
    BenchRepository made = new BenchRepository(GitRepository.in(folder));
    made.git.file("Dockerfile", "FROM alpine\nCOPY . /src\n");
    for (int service = 0; service < services; service++) {
      String place = "services/s" + service + "/";
      made.git.file(place + "Dockerfile", "FROM alpine\nCOPY . /src\n");
      for (int file = 0; file < files; file++) {
        made.git.file(place + "pkg" + file % 20 + "/File" + file + ".java", made.code());
      }
    }
    made.git.commit();
    return made;
  }

  /** Changes one file of the first service, and commits. */
  void change() throws IOException {
    git.file("services/s0/pkg0/File0.java", code());
    git.commit();
  }

  private String code() {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < LINES; line++) {
      text.append("    ");
      for (int word = 0; word < 5; word++) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      text.append(Integer.toHexString(random.nextInt(1 << 16))).append(";\n");
    }
    return text.toString();
  }
}
