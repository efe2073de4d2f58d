package io.tarkiln.testkit;

import io.tarkiln.embedded.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The registry of a test JVM, real and without accounts, which ends with it; each test takes names
 * of its own.
 */
public final class SharedRegistry {
  private static final RegistryServer SERVER =
      ScratchFolder.start(
          "registry",
          folder -> RegistryServer.start(folder, "127.0.0.1", RegistryServer.Options.PLAIN));

  private SharedRegistry() {}

  public static String address() {
    return SERVER.address();
  }

  /** What programs are told to reach a registry without TLS and accounts. */
  public static Map<String, String> variables(String address) {
    return variables(address, Path.of("no-such-folder"));
  }

  /** The same by an account, which is written into a folder. */
  public static Map<String, String> variables(
      String address, Path folder, String user, String password) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
            .formatted(address, user, password));
    return variables(address, folder);
  }

  private static Map<String, String> variables(String address, Path folder) {
    return Map.of("TARKILN_PLAIN_HTTP_REGISTRIES", address, "DOCKER_CONFIG", folder.toString());
  }
}
