package io.tarkiln.build;

/** Something the build needs does not answer now; trying again later may well succeed. */
public final class UnavailableException extends BuildException {
  public UnavailableException(String message) {
    this(message, null);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
