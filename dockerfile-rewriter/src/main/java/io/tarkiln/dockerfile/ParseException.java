package io.tarkiln.dockerfile;

/** A file is no Dockerfile. */
final class ParseException extends Exception {
  private final int line;

  ParseException(int line, String message) {
    super(message);
    this.line = line;
  }

  ParseError error() {
    return new ParseError(line, getMessage());
  }
}
