package io.tarkiln.event.json;

/**
 * A record is no event that we read; the message says why, and it belongs in the dead letters. It
 * is one line of bounded length, whatever of the record it quotes: it goes into logs and headers.
 */
public final class UnreadableException extends Exception {
  private static final int MAX_LENGTH = 1000;

  public UnreadableException(String message) {
    super(line(message));
  }

  public UnreadableException(String message, Throwable cause) {
    super(line(message), cause);
  }

  private static String line(String message) {
    String cut =
        message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
