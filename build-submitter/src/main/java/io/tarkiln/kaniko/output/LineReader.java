package io.tarkiln.kaniko.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads a program's output as lines of plain text: without colours and other control characters,
 * and of what a progress bar draws over itself only the last.
 */
public final class LineReader {
  /** Longer lines are broken, so that no output takes memory without bound. */
  private static final int MAX_LINE = 16 << 10;

  /** Control sequences and lone control characters but tab (ECMA-48, section 5.4). */
  private static final Pattern CONTROL =
      Pattern.compile("\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b[^\\[]?|[\\p{Cntrl}&&[^\\t]]");

  private LineReader() {}

  /** Hands over each line until the output ends. */
  public static void read(InputStream output, Consumer<String> lines) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          lines.accept(plain(line));
        } else {
          line.write(buffer[i]);
          if (line.size() == MAX_LINE) {
            lines.accept(plain(line));
          }
        }
      }
    }
    if (line.size() > 0) {
      lines.accept(plain(line));
    }
  }

  private static String plain(ByteArrayOutputStream bytes) {
    String line = bytes.toString(StandardCharsets.UTF_8).stripTrailing();
    bytes.reset();
    return CONTROL
        .matcher(line.substring(line.lastIndexOf('\r') + 1))
        .replaceAll("")
        .stripTrailing();
  }
}
