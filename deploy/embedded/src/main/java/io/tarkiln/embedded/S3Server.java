package io.tarkiln.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 endpoint in this JVM that keeps its objects in a folder. */
public final class S3Server implements AutoCloseable {
  /** The access key and secret of every embedded endpoint: it listens on loopback only. */
  private static final String ACCESS_KEY = "tarkiln";

  private static final String SECRET_KEY = "tarkiln-embedded";

  private final S3Proxy proxy;
  private final String host;

  private S3Server(S3Proxy proxy, String host) {
    this.proxy = proxy;
    this.host = host;
  }

  /**
   * Starts an endpoint.
   *
   * @param folder where buckets are; made if missing
   * @param port to listen on, 0 for a free one
   */
  public static S3Server start(Path folder, String host, int port) throws IOException {
    Files.createDirectories(folder);
    FilesystemNio2BlobStore store = new FilesystemNio2BlobStore(folder.toString());
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://" + host + ":" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .jettyMaxThreads(64)
            .build();
    try {
      proxy.start();
    } catch (Exception failed) {
      throw new IOException("cannot start S3 on port " + port, failed);
    }
    return new S3Server(proxy, host);
  }

  /** Its address, with port. */
  public URI endpoint() {
    return URI.create("http://" + host + ":" + proxy.getPort());
  }

  /** What programs are told to reach it, by the names of environment variables. */
  public Map<String, String> variables() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", endpoint().toString(),
        "AWS_ACCESS_KEY_ID", ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception failed) {
      throw new IOException("cannot stop S3", failed);
    }
  }
}
