package io.tarkiln.git;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.git.host.HostPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.sshd.JGitKeyCache;
import org.eclipse.jgit.transport.sshd.KeyCache;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/** Opens the way to git hosts: accounts, keys, known hosts and certificate authorities. */
public final class GitAccess implements AutoCloseable {
  /** Larger files are streamed from packs; each build holds one of this size in memory at most. */
  private static final int MAX_IN_MEMORY = 4 << 20;

  private final GitSettings settings;
  private final HostPolicy hosts;
  private final GitTls tls;
  private final StoredCredentials credentials;
  private final KeyCache keys = new JGitKeyCache();

  public GitAccess(GitSettings settings) throws UnavailableException {
    IsolatedConfig.install();
    WindowCacheConfig windows = new WindowCacheConfig();
    windows.setStreamFileThreshold(MAX_IN_MEMORY);
    windows.install();
    this.settings = settings;
    this.hosts = new HostPolicy(settings.reach());
    this.tls =
        new GitTls(settings.secrets().authorities(), settings.secrets().clientCertificates());
    this.credentials = new StoredCredentials(settings.secrets().credentials());
    tls.trusted();
  }

  public HostPolicy hosts() {
    return hosts;
  }

  GitTls tls() {
    return tls;
  }

  public StoredCredentials credentials() {
    return credentials;
  }

  public Duration silence() {
    return settings.limits().silence();
  }

  /** Gives a transport what it needs to get in. */
  void prepare(Transport transport, GitAddress address, FetchGuard guard)
      throws IOException, UnavailableException {
    transport.setTimeout(Math.toIntExact(settings.limits().silence().toSeconds()));
    transport.setCredentialsProvider(credentials);
    if (transport instanceof SshTransport overSsh) {
      checkAddresses(address);
      overSsh.setSshSessionFactory(ssh(address));
    } else if (address.scheme().equals("git")) {
      checkAddresses(address);
    } else if (transport instanceof TransportHttp overHttp) {
      overHttp.setHttpConnectionFactory(new GitHttp(hosts, tls, guard));
    }
  }

  private void checkAddresses(GitAddress address) throws IOException {
    try {
      hosts.checkAddresses(address.host(), address.toString());
    } catch (RejectedException refused) {
      throw new HostPolicy.NotAllowedException(refused);
    }
  }

  /** Sessions with the keys of one address. */
  public SshdSessionFactory ssh(GitAddress address) {
    Path folder = settings.secrets().sshFolder();
    return new SshdSessionFactoryBuilder()
        .setPreferredAuthentications("publickey")
        .setHomeDirectory(folder.toAbsolutePath().resolve("..").normalize().toFile())
        .setSshDirectory(folder.toFile())
        .setConfigFile(sshFolder -> null)
        .setDefaultIdentities(sshFolder -> new SshKeys(folder).of(address))
        .build(keys);
  }

  @Override
  public void close() {
    keys.close();
  }
}
