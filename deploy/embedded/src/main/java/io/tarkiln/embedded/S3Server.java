package io.tarkiln.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 endpoint in this JVM that keeps its objects in a folder. */
public final class S3Server implements AutoCloseable {
  private final S3Proxy proxy;
  private final String host;
  private final S3Account account;
  private Optional<Path> announced = Optional.empty();

  private S3Server(S3Proxy proxy, String host, S3Account account) {
    this.proxy = proxy;
    this.host = host;
    this.account = account;
  }

  /**
   * Starts an endpoint.
   *
   * @param folder where buckets are; made if missing. Beside it, in {@code <folder>-credentials},
   *     is the account that it takes
   * @param port to listen on, 0 for a free one
   */
  public static S3Server start(Path folder, String host, int port) throws IOException {
    Files.createDirectories(folder);
    Path place = folder.toAbsolutePath();
    S3Account account = S3Account.in(place.resolveSibling(place.getFileName() + "-credentials"));
    FilesystemNio2BlobStore store = new FilesystemNio2BlobStore(folder.toString());
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://" + host + ":" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, account.keyId(), account.secret())
            .jettyMaxThreads(64)
            .build();
    try {
      proxy.start();
    } catch (Exception failed) {
      throw new IOException("cannot start S3 on port " + port, failed);
    }
    return new S3Server(proxy, host, account);
  }

  /** Its address, with port. */
  public URI endpoint() {
    return URI.create("http://" + host + ":" + proxy.getPort());
  }

  /** Has other programs of this user find its account by its port. */
  public void announce() throws IOException {
    announced = Optional.of(account.announce(proxy.getPort()));
  }

  /** What programs are told to reach it, by the names of environment variables. */
  public Map<String, String> variables() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", endpoint().toString(),
        "AWS_ACCESS_KEY_ID", account.keyId(),
        "AWS_SECRET_ACCESS_KEY", account.secret());
  }

  @Override
  public void close() throws IOException {
    if (announced.isPresent()) {
      Files.deleteIfExists(announced.get());
    }
    try {
      proxy.stop();
    } catch (Exception failed) {
      throw new IOException("cannot stop S3", failed);
    }
  }
}
