package io.tarkiln.samples;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistryConnection;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.http.RetryPolicy;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.SharedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How tests reach the registry of their JVM, and others. */
public final class TestRegistry {
  /** Gives up soon, so that tests of failures end. */
  private static final RetryPolicy HASTY =
      new RetryPolicy(4, Duration.ofMillis(20), Duration.ofMillis(200));

  private TestRegistry() {}

  public static String address() {
    return SharedRegistry.address();
  }

  /** How to speak to it. */
  public static RegistrySettings settings() {
    return settings(address());
  }

  /** How to speak to one without accounts and TLS. */
  public static RegistrySettings settings(String address) {
    return settings(SharedRegistry.variables(address));
  }

  /** How to speak to one without TLS by this account. */
  public static RegistrySettings settings(String address, Path folder, String user, String password)
      throws IOException {
    return settings(SharedRegistry.variables(address, folder, user, password));
  }

  private static RegistrySettings settings(Map<String, String> variables) {
    return RegistrySettings.of(Settings.of(variables)).with(HASTY);
  }

  public static ImageReference image(String repository) {
    return ImageReference.parse(address() + "/" + repository);
  }

  public static RegistryConnection connection(String repository) {
    return new RegistryClient(settings()).connect(image(repository), List.of());
  }
}
