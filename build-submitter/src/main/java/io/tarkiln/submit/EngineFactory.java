package io.tarkiln.submit;

import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.kaniko.argo.ArgoEngine;
import io.tarkiln.kaniko.local.LocalEngine;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;

/** Chooses the engine by configuration. */
final class EngineFactory {
  private EngineFactory() {}

  /**
   * The engine that {@code TARKILN_ENGINE} names, {@code local} or {@code argo}; local where it is
   * not set.
   */
  static KanikoEngine of(Settings settings, ObjectStore store) {
    String name = settings.get("TARKILN_ENGINE").orElse("local");
    return switch (name) {
      case "local" -> LocalEngine.of(settings, store);
      case "argo" -> ArgoEngine.of(settings, store);
      default ->
          throw new IllegalArgumentException(
              "TARKILN_ENGINE=%s is no engine: write local or argo".formatted(name));
    };
  }
}
