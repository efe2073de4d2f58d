package io.tarkiln.e2e.conformance.cases;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A file of a case, as git has it.
 *
 * @param path its bytes, one character each, as file names need not be UTF-8
 * @param deleted whether the second version lacks it
 * @param renamedFrom the path that it had in the first version
 */
record CaseFile(
    String path, Kind kind, byte[] content, boolean deleted, Optional<String> renamedFrom) {
  /** What git knows of files. */
  enum Kind {
    FILE("100644"),
    EXECUTABLE("100755"),
    LINK("120000");

    private final String mode;

    Kind(String mode) {
      this.mode = mode;
    }

    String mode() {
      return mode;
    }
  }

  /** The path as text. */
  String name() {
    return new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The content as text. */
  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  CaseFile with(Map<String, String> values) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!text.contains("{{")) {
      return this;
    }
    for (Map.Entry<String, String> each : values.entrySet()) {
      text = text.replace("{{" + each.getKey() + "}}", each.getValue());
    }
    byte[] replaced = text.getBytes(StandardCharsets.ISO_8859_1);
    return new CaseFile(path, kind, replaced, deleted, renamedFrom);
  }
}
