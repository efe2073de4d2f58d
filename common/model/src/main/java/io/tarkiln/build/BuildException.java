package io.tarkiln.build;

import org.jspecify.annotations.Nullable;

/** An outcome that a build can have other than success; anything else thrown is a defect. */
public abstract sealed class BuildException extends Exception
    permits RejectedException, UnavailableException {
  protected BuildException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** One sentence, never null. */
  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
