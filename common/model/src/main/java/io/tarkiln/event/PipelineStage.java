package io.tarkiln.event;

import java.util.Locale;

/** Who takes part in a build, by the name that events and logs carry. */
public enum PipelineStage {
  CHECKOUT_WORKER,
  DOCKERFILE_REWRITER,
  BUILD_SUBMITTER,
  ARTIFACT_PUSHER,
  /** Part of every worker: whoever runs heeds a request to stop a build. */
  CANCELLATION;

  /** The name, such as {@code checkout-worker}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
