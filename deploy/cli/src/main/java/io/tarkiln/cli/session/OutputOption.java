package io.tarkiln.cli.session;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.tarkiln.event.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** The option {@code -o json}: documents on stdout, everything else on stderr. */
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

  /** Writes the document, over lines that people can read. */
  public static void json(PrintWriter out, Object document) {
    print(out, Json.mapper().writerWithDefaultPrettyPrinter(), document);
  }

  /** Writes a document of many, in a line of its own. */
  public static void jsonLine(PrintWriter out, Object document) {
    print(out, Json.mapper().writer(), document);
  }

  private static void print(PrintWriter out, ObjectWriter writer, Object document) {
    try {
      out.println(Printable.json(writer.writeValueAsString(document)));
    } catch (IOException defect) {
      throw new UncheckedIOException(defect);
    }
    out.flush();
  }
}
