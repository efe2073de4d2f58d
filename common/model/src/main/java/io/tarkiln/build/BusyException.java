package io.tarkiln.build;

import java.util.concurrent.CompletionStage;

/** Another build has what this one needs; nothing is wrong. */
public final class BusyException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  private final transient CompletionStage<Void> free;

  BusyException(String message, CompletionStage<Void> free) {
    super(message);
    this.free = free;
  }

  /** Completes when it is worth to try again. */
  public CompletionStage<Void> free() {
    return free;
  }
}
