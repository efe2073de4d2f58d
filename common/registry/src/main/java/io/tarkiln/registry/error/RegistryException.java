package io.tarkiln.registry.error;

import org.jspecify.annotations.Nullable;

/**
 * A registry did not do what it was asked to. The message says what was tried, on what, and what to
 * do, in one sentence without secrets.
 */
public abstract sealed class RegistryException extends Exception
    permits RegistryRefusedException, RegistryUnavailableException {
  private static final long serialVersionUID = 1L;

  RegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** One sentence, never null. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** Whether the same request may succeed later. */
  public abstract boolean isRetryable();
}
