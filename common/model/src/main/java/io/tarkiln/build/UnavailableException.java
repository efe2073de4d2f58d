package io.tarkiln.build;

import org.jspecify.annotations.Nullable;

/** Something the build needs does not answer now; trying again later may well succeed. */
public sealed class UnavailableException extends BuildException permits BusyException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    this(message, null);
  }

  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
