package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Git LFS keeps in git instead of a file, as git-lfs reads it: of its specification's version
 * 1 and of those before, whatever ends its lines.
 *
 * @param oid SHA-256 of the file, 64 hexadecimal digits
 * @param size of the file in bytes
 */
record LfsPointer(String oid, long size) {
  /** Pointers are shorter than this. */
  static final int MAX_LENGTH = 1024;

  private static final Set<String> VERSIONS =
      Set.of(
          "version https://git-lfs.github.com/spec/v1",
          "version https://hawser.github.com/spec/v1",
          "version http://git-media.io/v/2");

  private static final Pattern EXTENSION = Pattern.compile("ext-[0-9]-\\w+ .*");
  private static final Pattern OID = Pattern.compile("oid sha256:([0-9a-f]{64})");
  private static final Pattern SIZE = Pattern.compile("size \\+?([0-9]{1,18})");

  /** Reads a pointer; empty when a file is none. */
  static Optional<LfsPointer> of(byte[] content) {
    if (content.length >= MAX_LENGTH) {
      return Optional.empty();
    }
    List<String> lines =
        new String(content, ISO_8859_1)
            .strip()
            .lines()
            .filter(line -> !line.isEmpty() && !EXTENSION.matcher(line).matches())
            .toList();
    if (lines.size() != 3 || !VERSIONS.contains(lines.get(0))) {
      return Optional.empty();
    }
    Matcher oid = OID.matcher(lines.get(1));
    Matcher size = SIZE.matcher(lines.get(2));
    return oid.matches() && size.matches()
        ? Optional.of(new LfsPointer(oid.group(1), Long.parseLong(size.group(1))))
        : Optional.empty();
  }
}
