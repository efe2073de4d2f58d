package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Git LFS keeps in git instead of a file (git-lfs specification, version 1).
 *
 * @param oid SHA-256 of the file, 64 hexadecimal digits
 * @param size of the file in bytes
 */
record LfsPointer(String oid, long size) {
  /** Pointers are shorter than this. */
  static final int MAX_LENGTH = 1024;

  private static final Pattern FORM =
      Pattern.compile(
          "version https://git-lfs\\.github\\.com/spec/v1\n(?:ext-[^\n]+\n)*oid"
              + " sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n");

  /** Reads a pointer; empty when a file is none. */
  static Optional<LfsPointer> of(byte[] content) {
    if (content.length >= MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(new String(content, UTF_8));
    return form.matches()
        ? Optional.of(new LfsPointer(form.group(1), Long.parseLong(form.group(2))))
        : Optional.empty();
  }
}
