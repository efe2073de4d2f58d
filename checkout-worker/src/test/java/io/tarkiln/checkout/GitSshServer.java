package io.tarkiln.checkout;

import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.Processes;
import io.tarkiln.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Serves repositories over ssh, by OpenSSH's own {@code sshd}, to the keys that were given out. */
final class GitSshServer implements AutoCloseable {
  private static final int MAX_TRIES = 5;
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  private final Path folder;
  private final Process sshd;
  private final int port;

  private GitSshServer(Path folder, Process sshd, int port) {
    this.folder = folder;
    this.sshd = sshd;
    this.port = port;
  }

  static GitSshServer start() throws Exception {
    return start(Path.of("/usr/bin"));
  }

  /**
   * Starts one that has commands of its own.
   *
   * @param programs a folder of programs
   */
  static GitSshServer start(Path programs) throws Exception {
    Path folder = Files.createTempDirectory("tarkiln-sshd");
    keygen(folder.resolve("host"), "ed25519");
    Files.createFile(folder.resolve("authorized_keys"));
    // Where sshd, started by root, puts its unprivileged half.
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      int port = Ports.free();
      Process sshd = sshd(folder, port, programs);
      if (Processes.awaitStart(sshd, START_LIMIT, () -> Ports.isOpen("127.0.0.1", port))) {
        return new GitSshServer(folder, sshd, port);
      }
    }
    throw new IOException("sshd does not start: " + Files.readString(folder.resolve("log")));
  }

  private static Process sshd(Path folder, int port, Path programs) throws IOException {
    Path config = folder.resolve("config");
    Files.write(
        config,
        List.of(
            "ListenAddress 127.0.0.1",
            "Port " + port,
            "HostKey " + folder.resolve("host"),
            "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
            "PidFile none",
            "UsePAM no",
            "StrictModes no",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "AcceptEnv GIT_PROTOCOL",
            "SetEnv PATH=%s:/usr/local/bin:/usr/bin:/bin".formatted(programs),
            "MaxStartups 100"));
    Path program =
        Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new IOException("these tests need sshd: install openssh-server"));
    return new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  String url(Path repository) {
    return "ssh://%s@127.0.0.1:%d%s".formatted(System.getProperty("user.name"), port, repository);
  }

  /** Makes a key with the real tool, puts it into a folder like {@code ~/.ssh}, and lets it in. */
  GitSshServer giveKey(Path keys, String type) throws Exception {
    Files.createDirectories(keys);
    Path file = keys.resolve("id_" + type);
    keygen(file, type);
    Files.writeString(
        folder.resolve("authorized_keys"),
        Files.readString(Path.of(file + ".pub")),
        StandardOpenOption.APPEND);
    return this;
  }

  private static void keygen(Path file, String type) throws Exception {
    Program.of("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString()).output();
  }

  /** Makes the server's own key known there. */
  GitSshServer giveHostKey(Path keys) throws IOException {
    Files.createDirectories(keys);
    String[] key = Files.readString(folder.resolve("host.pub")).split(" ");
    Files.writeString(
        keys.resolve("known_hosts"),
        "[127.0.0.1]:%d %s %s\n".formatted(port, key[0], key[1].strip()));
    return this;
  }

  @Override
  public void close() {
    sshd.destroy();
  }
}
