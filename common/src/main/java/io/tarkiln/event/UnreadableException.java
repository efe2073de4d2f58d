package io.tarkiln.event;

/** A record is no event that we read; the message says why, and it belongs in the dead letters. */
public final class UnreadableException extends Exception {
  public UnreadableException(String message) {
    super(message);
  }

  public UnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
