package io.tarkiln.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellFactory;

/** Serves repositories over ssh to the owner of one key, by git's own {@code upload-pack}. */
final class GitSshServer implements AutoCloseable {
  private final SshServer server = SshServer.setUpDefaultServer();
  private final KeyPair hostKey = newKey();
  private volatile PublicKey clientKey;

  private GitSshServer() throws Exception {}

  static GitSshServer start() throws Exception {
    GitSshServer git = new GitSshServer();
    git.server.setHost("127.0.0.1");
    git.server.setPort(0);
    git.server.setKeyPairProvider(KeyPairProvider.wrap(git.hostKey));
    git.server.setPublickeyAuthenticator(
        (user, key, session) -> KeyUtils.compareKeys(key, git.clientKey));
    git.server.setCommandFactory(
        (channel, command) -> {
          String[] parts = command.replace("'", "").split(" ");
          if (!parts[0].equals("git-upload-pack")) {
            throw new IOException("only fetching is possible");
          }
          return new ProcessShellFactory(command, List.of(parts)).createShell(channel);
        });
    git.server.start();
    return git;
  }

  String url(Path repository) {
    return "ssh://git@127.0.0.1:%d%s".formatted(server.getPort(), repository);
  }

  /** Makes a key with the real tool, puts it into a folder like {@code ~/.ssh}, and lets it in. */
  GitSshServer giveKey(Path folder, String type) throws Exception {
    Files.createDirectories(folder);
    Path file = folder.resolve("id_" + type);
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString())
            .inheritIO()
            .start();
    if (keygen.waitFor() != 0) {
      throw new IOException("ssh-keygen failed");
    }
    clientKey =
        AuthorizedKeyEntry.readAuthorizedKeys(Path.of(file + ".pub"))
            .get(0)
            .resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
    return this;
  }

  /** Makes the server's own key known there. */
  GitSshServer giveHostKey(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("known_hosts"),
        "[127.0.0.1]:%d %s\n"
            .formatted(server.getPort(), PublicKeyEntry.toString(hostKey.getPublic())));
    return this;
  }

  private static KeyPair newKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
