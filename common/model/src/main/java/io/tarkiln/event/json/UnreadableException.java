package io.tarkiln.event.json;

import io.tarkiln.build.PrintableText;

/**
 * A record is no event that we read; the message says why, and it belongs in the dead letters. It
 * is one line of bounded length, whatever of the record it quotes: it goes into logs and headers.
 */
public final class UnreadableException extends Exception {
  private static final int MAX_LENGTH = 1000;

  public UnreadableException(String message) {
    super(PrintableText.of(message, MAX_LENGTH));
  }

  public UnreadableException(String message, Throwable cause) {
    super(PrintableText.of(message, MAX_LENGTH), cause);
  }

  /** One sentence, never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
