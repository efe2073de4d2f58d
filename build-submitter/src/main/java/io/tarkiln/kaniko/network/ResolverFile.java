package io.tarkiln.kaniko.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This machine's {@code resolv.conf} as a run's network has it. A resolver on loopback, such as
 * systemd's, is reached by an address that {@code pasta} forwards to it.
 *
 * @param text what the file says here
 */
record ResolverFile(String text) {
  /** What is forwarded to the first resolver of this machine. */
  static final String FORWARDED = "192.0.0.3";

  private static final String LOOPBACK = "(?m)^(\\s*nameserver\\s+)(127\\.\\S+|::1)\\s*$";

  static ResolverFile ofMachine() {
    Path file = Path.of("/etc/resolv.conf");
    try {
      return new ResolverFile(Files.isReadable(file) ? Files.readString(file) : "");
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot read " + file, failed);
    }
  }

  /** The file inside. */
  String inside() {
    return text.replaceAll(LOOPBACK, "$1" + FORWARDED);
  }

  /** The resolvers that the file names inside. */
  Stream<String> servers() {
    return inside()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("nameserver"))
        .map(line -> line.split("\\s+"))
        .filter(words -> words.length > 1 && words[1].matches("[0-9A-Fa-f:.]+"))
        .map(words -> words[1])
        .distinct();
  }

  /**
   * A {@code hosts} file inside: names of loopback mean IPv4's, since {@code pasta} accepts a
   * connection to {@code ::1} before it knows that nothing listens there.
   */
  static String hosts(String text) {
    return Stream.concat(
            Stream.of("127.0.0.1\tlocalhost"),
            text.lines().filter(line -> !line.strip().startsWith("::1")))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
