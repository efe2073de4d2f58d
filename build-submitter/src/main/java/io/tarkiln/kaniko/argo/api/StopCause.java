package io.tarkiln.kaniko.argo.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why we stopped a Workflow, as it is noted on it. */
public enum StopCause {
  CANCELLED,
  IMAGE_PULL,
  NO_POD,
  TOO_LATE;

  String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<StopCause> of(Workflow workflow) {
    return workflow
        .annotation(WorkflowLabels.STOPPED_FOR)
        .flatMap(
            text -> Arrays.stream(values()).filter(each -> each.wire().equals(text)).findFirst());
  }
}
