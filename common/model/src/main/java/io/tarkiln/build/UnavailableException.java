package io.tarkiln.build;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Something the build needs does not answer now; trying again later may well succeed. */
public final class UnavailableException extends BuildException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<CompletionStage<Void>> free;

  public UnavailableException(String message) {
    this(message, null);
  }

  public UnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, Optional.empty());
  }

  private UnavailableException(
      String message, @Nullable Throwable cause, Optional<CompletionStage<Void>> free) {
    super(message, cause);
    this.free = free;
  }

  /**
   * Another build has what this one needs; nothing is wrong.
   *
   * @param free completes when it is worth to try again
   */
  public static UnavailableException busy(String message, CompletionStage<Void> free) {
    return new UnavailableException(message, null, Optional.of(free));
  }

  /** When to try again, where that is known. */
  public Optional<CompletionStage<Void>> free() {
    return free;
  }
}
