package io.tarkiln.registry.error;

import org.jspecify.annotations.Nullable;

/** A registry refuses, or is not to be used as it is; asking again changes nothing. */
public final class RegistryRefusedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;
  private final int status;
  private final String code;

  /** Without an answer that says so. */
  public RegistryRefusedException(Refusal refusal, String message, @Nullable Throwable cause) {
    this(refusal, 0, "", message, cause);
  }

  /** By an answer of this HTTP status with the registry's own code, which may be empty. */
  public RegistryRefusedException(Refusal refusal, int status, String code, String message) {
    this(refusal, status, code, message, null);
  }

  private RegistryRefusedException(
      Refusal refusal, int status, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.refusal = refusal;
    this.status = status;
    this.code = code;
  }

  public Refusal refusal() {
    return refusal;
  }

  /** The HTTP status of the answer; 0 where none was the reason. */
  public int status() {
    return status;
  }

  /**
   * What the registry calls it, such as {@code DENIED} (OCI distribution specification, "error
   * codes"); empty where it says nothing.
   */
  public String code() {
    return code;
  }

  @Override
  public boolean isRetryable() {
    return false;
  }
}
