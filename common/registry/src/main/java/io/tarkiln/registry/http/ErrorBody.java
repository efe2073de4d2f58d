package io.tarkiln.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.build.PrintableText;
import io.tarkiln.event.json.Json;
import java.io.IOException;
import java.util.Locale;

/**
 * What a registry says of why it refuses: the first of the errors that its answer lists (OCI
 * distribution specification, "error codes"; Harbor uses the same form).
 *
 * @param status of the answer
 * @param code in capitals; empty where there is none
 * @param message without control characters, at most some hundred characters; may be empty
 */
record ErrorBody(int status, String code, String message) {
  private static final int MAX_QUOTE = 300;

  static ErrorBody of(RegistryAnswer response) {
    int status = response.statusCode();
    ErrorBody none = new ErrorBody(status, "", "");
    if (status < 400 || response.body().length == 0) {
      return none;
    }
    try {
      JsonNode error = Json.mapper().readTree(response.body()).path("errors").path(0);
      return new ErrorBody(
          status, plain(error.path("code").asText("")), plain(error.path("message").asText("")));
    } catch (IOException noJson) {
      return none;
    }
  }

  private static String plain(String text) {
    String line = PrintableText.sentence(text.strip());
    return line.substring(0, Math.min(line.length(), MAX_QUOTE));
  }

  boolean speaksOf(String words) {
    return message.toLowerCase(Locale.ROOT).contains(words);
  }

  /** Code and message in brackets, to follow a sentence's beginning, or nothing. */
  @Override
  public String toString() {
    String text = (code + " " + message).strip();
    return text.isEmpty() ? "" : " (" + text + ")";
  }
}
