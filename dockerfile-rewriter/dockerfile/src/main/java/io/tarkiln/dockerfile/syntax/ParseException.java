package io.tarkiln.dockerfile.syntax;

/** A file is no Dockerfile. */
public final class ParseException extends Exception {
  private final int line;

  public ParseException(int line, String message) {
    super(message);
    this.line = line;
  }

  public ParseError error() {
    return new ParseError(line, String.valueOf(getMessage()));
  }
}
