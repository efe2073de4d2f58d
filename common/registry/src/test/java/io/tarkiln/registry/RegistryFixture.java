package io.tarkiln.registry;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.blob.ByteArrayBlob;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import io.tarkiln.testkit.Noise;
import io.tarkiln.testkit.SharedRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How tests of this module reach a registry, and what they send. */
public final class RegistryFixture {
  private RegistryFixture() {}

  /** Gives up soon, so that tests of failures end. */
  public static RegistrySettings settings(Map<String, String> variables) {
    return RegistrySettings.of(Settings.of(variables))
        .with(RetryPolicy.times(4, new ExponentialBackoff(Duration.ofMillis(20), Duration.ofMillis(200))));
  }

  public static RegistrySettings settings(String address) {
    return settings(SharedRegistry.variables(address));
  }

  static RegistryConnection connection(String repository) {
    String address = SharedRegistry.address();
    return new RegistryClient(settings(address))
        .connect(ImageReference.parse(address + "/" + repository), List.of());
  }

  public static ByteArrayBlob blob(long seed, int size) {
    return ByteArrayBlob.of(Noise.bytes(seed, size));
  }
}
