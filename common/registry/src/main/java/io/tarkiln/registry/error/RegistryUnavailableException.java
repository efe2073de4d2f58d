package io.tarkiln.registry.error;

import org.jspecify.annotations.Nullable;

/**
 * A registry, its token service, or the source of a blob or of an account does not answer now, or
 * not in a way that could be used.
 */
public final class RegistryUnavailableException extends RegistryException {
  private static final long serialVersionUID = 1L;

  public RegistryUnavailableException(String message) {
    this(message, null);
  }

  public RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The thread was told to stop while it waited; it stays marked as interrupted. */
  public static RegistryUnavailableException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new RegistryUnavailableException("interrupted", cause);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
