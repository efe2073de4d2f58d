package io.tarkiln.checkout;

import io.tarkiln.build.UnavailableException;
import java.nio.file.Path;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.sshd.JGitKeyCache;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/** Opens the way to git hosts: accounts, keys, known hosts and certificate authorities. */
final class GitAccess implements AutoCloseable {
  private final GitSettings settings;
  private final SshdSessionFactory ssh;
  private final HttpConnectionFactory http;

  GitAccess(GitSettings settings) throws UnavailableException {
    OurConfigOnly.install();
    this.settings = settings;
    Path folder = settings.sshFolder();
    this.ssh =
        new SshdSessionFactoryBuilder()
            .setPreferredAuthentications("publickey")
            .setHomeDirectory(folder.toAbsolutePath().getParent().toFile())
            .setSshDirectory(folder.toFile())
            .setConfigFile(sshFolder -> null)
            .build(new JGitKeyCache());
    this.http = GitHttp.trusting(settings.authorities());
  }

  /** Gives a command what it needs to get in. */
  <C extends TransportCommand<C, ?>> C prepared(C command, GitAddress address)
      throws UnavailableException {
    return command
        .setTimeout(Math.toIntExact(settings.timeout().toSeconds()))
        .setCredentialsProvider(StoredCredentials.of(settings.credentials(), address.uri()))
        .setTransportConfigCallback(this::configure);
  }

  private void configure(Transport transport) {
    if (transport instanceof SshTransport overSsh) {
      overSsh.setSshSessionFactory(ssh);
    } else if (transport instanceof TransportHttp overHttp) {
      overHttp.setHttpConnectionFactory(http);
    }
  }

  @Override
  public void close() {
    ssh.close();
  }
}
