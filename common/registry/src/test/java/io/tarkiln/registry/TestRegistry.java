package io.tarkiln.registry;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.credentials.DockerConfig;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A real registry without accounts, one for all tests of this JVM; each takes names of its own. */
public final class TestRegistry {
  private static final RegistryServer SERVER = start();

  private TestRegistry() {}

  public static String address() {
    return SERVER.address();
  }

  /** How to speak to it. */
  public static RegistrySettings settings() {
    return settings(SERVER.address());
  }

  /** How to speak to one without accounts and TLS. */
  public static RegistrySettings settings(String address) {
    return hasty(address, new DockerConfig(Path.of("no-such-folder")));
  }

  /** How to speak to one without TLS by this account. */
  public static RegistrySettings settings(String address, Path folder, String user, String password)
      throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
            .formatted(address, user, password));
    return hasty(address, new DockerConfig(folder));
  }

  /** Gives up soon, so that tests of failures end. */
  private static RegistrySettings hasty(String address, DockerConfig accounts) {
    RetryPolicy retries =
        RetryPolicy.times(4, new ExponentialBackoff(Duration.ofMillis(20), Duration.ofMillis(200)));
    return new RegistrySettings(Set.of(address), accounts, Optional.empty(), retries);
  }

  public static ImageReference image(String repository) {
    return ImageReference.parse(address() + "/" + repository);
  }

  static RegistryConnection connection(String repository) {
    return new RegistryClient(settings()).connect(image(repository), java.util.List.of());
  }

  private static RegistryServer start() {
    try {
      Path folder = Files.createTempDirectory("tarkiln-registry");
      RegistryServer server =
          RegistryServer.start(
              GoTools.provide("registry"), folder, "127.0.0.1", 0, RegistryServer.Options.PLAIN);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end-registry"));
      return server;
    } catch (IOException failed) {
      throw new UncheckedIOException("no registry for the tests", failed);
    }
  }
}
