package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.build.RejectedException;
import java.util.Optional;

/**
 * What an extended header says of the member after it (POSIX.1-2001, pax interchange format).
 *
 * @param path empty where the member's own header has the name
 * @param size in bytes; empty where the member's own header has it
 */
record PaxHeader(Optional<String> path, Optional<Long> size) {
  static final PaxHeader NONE = new PaxHeader(Optional.empty(), Optional.empty());

  /** Reads records of the form {@code "<length> <key>=<value>\n"}, lengths included. */
  static PaxHeader parse(byte[] bytes) throws RejectedException {
    PaxHeader header = NONE;
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
        space++;
      }
      int length = length(bytes, at, space);
      String record = new String(bytes, space + 1, at + length - space - 2, UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw broken();
      }
      header = header.with(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
    return header;
  }

  private static int length(byte[] bytes, int at, int space) throws RejectedException {
    if (space == at || space - at > 6 || space == bytes.length || bytes[space] != ' ') {
      throw broken();
    }
    int length = Integer.parseInt(new String(bytes, at, space - at, UTF_8));
    if (length < space - at + 3 || length > bytes.length - at || bytes[at + length - 1] != '\n') {
      throw broken();
    }
    return length;
  }

  private PaxHeader with(String key, String value) throws RejectedException {
    if (key.startsWith("GNU.sparse")) {
      throw TarIndex.bad("sparse members are no image");
    }
    if (key.equals("path")) {
      return new PaxHeader(Optional.of(value), size);
    }
    if (key.equals("size")) {
      if (!value.matches("[0-9]{1,18}")) {
        throw broken();
      }
      return new PaxHeader(path, Optional.of(Long.parseLong(value)));
    }
    return this;
  }

  private static RejectedException broken() {
    return TarIndex.bad("an extended header is broken");
  }
}
