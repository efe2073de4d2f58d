package io.tarkiln.e2e.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A machine with an outside, both made of network namespaces: what is sent to any address stays in
 * them. It knows no resolver of names. The outside has web servers at public addresses, at private
 * ones and at those where clouds have their metadata; on the machine git listens on all addresses.
 */
final class TestMachine implements AutoCloseable {
  /** The machine's own address. */
  static final String ADDRESS = "203.0.113.2";

  /** A public address of the outside. */
  static final String PUBLIC = "198.51.100.7";

  static final int GIT_PORT = 9418;

  private static final String OUTSIDE =
      """
      ip link set lo up
      echo made
      read -r _
      ip addr add 203.0.113.1/24 dev outside && ip link set outside up
      cd "$1"
      shift
      for address; do
        ip addr add "$address/32" dev lo
        mkdir "$address" && echo hello >"$address/index.html"
        busybox httpd -f -v -p "$address:80" -h "$address" 2>"$address.log" &
      done
      echo ready
      exec cat
      """;
  private static final String MACHINE =
      """
      ip link set lo up
      : >"$2/resolv.conf" && mount --bind "$2/resolv.conf" /etc/resolv.conf
      ip link add eth0 type veth peer name outside netns "$1"
      ip addr add 203.0.113.2/24 dev eth0 && ip link set eth0 up
      ip route add default via 203.0.113.1
      git daemon --base-path="$2" --export-all --verbose --reuseaddr 2>"$2/git.log" &
      echo ready
      exec cat
      """;

  private final Deque<Process> namespaces = new ArrayDeque<>();
  private final Path folder;
  private final long pid;

  /**
   * Makes it.
   *
   * @param folder for logs
   * @param addresses where the outside has web servers
   */
  TestMachine(Path folder, String... addresses) throws IOException {
    this.folder = Files.createDirectories(folder);
    Process outside =
        start(Stream.concat(Stream.of(OUTSIDE, "sh", folder.toString()), Arrays.stream(addresses)));
    Process machine =
        start(Stream.of(MACHINE, "sh", Long.toString(outside.pid()), folder.toString()));
    outside.getOutputStream().write('\n');
    outside.getOutputStream().flush();
    expect(outside, "ready");
    pid = machine.pid();
  }

  private Process start(Stream<String> script) throws IOException {
    List<String> command =
        Stream.concat(Stream.of("unshare", "--net", "--mount", "sh", "-e", "-c"), script).toList();
    Process started =
        new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
    namespaces.push(started);
    expect(started, namespaces.size() == 1 ? "made" : "ready");
    return started;
  }

  private void expect(Process process, String word) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c > '\n'; c = process.getInputStream().read()) {
      line.append((char) c);
    }
    if (!word.contentEquals(line)) {
      throw new AssertionError(Files.readString(folder.resolve("errors")));
    }
  }

  /** What begins a command that is to run on it. */
  List<String> within() {
    return List.of(
        "nsenter",
        "--net=/proc/%d/ns/net".formatted(pid),
        "--mount=/proc/%d/ns/mnt".formatted(pid));
  }

  /** How many requests a web server of the outside has had. */
  long requests(String address) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve(address + ".log"), UTF_8)) {
      return lines.filter(line -> line.contains("response:")).count();
    }
  }

  /** How many connections git has had. */
  long gitConnections() throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("git.log"), UTF_8)) {
      return lines.filter(line -> line.contains("Connection from")).count();
    }
  }

  @Override
  public void close() {
    for (Process each : namespaces) {
      each.descendants().forEach(ProcessHandle::destroyForcibly);
      each.destroyForcibly();
    }
  }
}
