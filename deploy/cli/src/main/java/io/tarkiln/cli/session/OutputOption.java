package io.tarkiln.cli.session;

import io.tarkiln.event.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** {@code -o json}: one document on stdout, everything else on stderr. */
public final class OutputOption {
  /** The forms of output. */
  enum Form {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Form form;

  public boolean isJson() {
    return form == Form.json;
  }

  /** Writes the document. */
  public static void json(PrintWriter out, Object document) {
    try {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    } catch (IOException defect) {
      throw new UncheckedIOException(defect);
    }
    out.flush();
  }
}
