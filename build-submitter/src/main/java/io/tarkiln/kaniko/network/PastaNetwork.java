package io.tarkiln.kaniko.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A network namespace that {@code pasta} connects to the outside, with rules of where that may
 * lead. It ends when its standard input does, so also with this process, however that ends.
 *
 * <p>The namespace belongs to a user namespace in which no build has a right: this machine's where
 * we are root, else one that {@code pasta} makes around the build's own.
 *
 * @param pasta the process that copies packets
 * @param holder a process in the namespace
 */
record PastaNetwork(Process pasta, long holder, boolean root) implements RunNetwork {
  private static final int PATIENCE_SECONDS = 20;
  private static final String READY = "ready";
  private static final String SCRIPT = script();

  /**
   * Makes a namespace.
   *
   * @param messages where {@code pasta} says what it has to say
   * @throws IOException in the words of what did not work
   */
  static PastaNetwork open(NetworkRules rules, boolean root, Path messages) throws IOException {
    Process pasta =
        new ProcessBuilder(command(rules, root)).redirectError(messages.toFile()).start();
    CompletableFuture<Void> impatience =
        CompletableFuture.runAsync(
            () -> end(pasta),
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    String said = pasta.inputReader(UTF_8).readLine();
    impatience.cancel(false);
    Optional<ProcessHandle> holder = pasta.children().findFirst();
    if (!READY.equals(said) || holder.isEmpty()) {
      end(pasta);
      throw new IOException(lastLine(messages));
    }
    return new PastaNetwork(pasta, holder.get().pid(), root);
  }

  private static List<String> command(NetworkRules rules, boolean root) {
    List<String> command = new ArrayList<>(List.of("pasta", "--quiet", "--foreground"));
    if (root) {
      // Else it becomes nobody, who can open neither the namespace nor every machine's
      // /dev/net/tun.
      command.addAll(List.of("--runas", "0", "--netns-only"));
    }
    command.addAll(List.of("--config-net", "--no-map-gw"));
    command.addAll(List.of("--address", "192.0.0.2", "--netmask", "29", "--gateway", "192.0.0.1"));
    command.addAll(List.of("--dns-forward", ResolverFile.FORWARDED));
    command.addAll(List.of("--tcp-ports", "none", "--udp-ports", "none", "--udp-ns", "none"));
    command.addAll(List.of("--tcp-ns", ports(rules)));
    onlyInterface().ifPresent(name -> command.addAll(List.of("--interface", name)));
    command.addAll(List.of("--", "sh", "-c", SCRIPT, "rules"));
    command.add(String.join("\n", rules.ipv4()));
    command.add(String.join("\n", rules.ipv6()));
    return command;
  }

  private static String ports(NetworkRules rules) {
    return rules.loopbackPorts().isEmpty()
        ? "none"
        : rules.loopbackPorts().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Where no route leads out, {@code pasta} must be told an interface: any that is up will do. */
  private static Optional<String> onlyInterface() {
    try {
      if (Files.readAllLines(Path.of("/proc/net/route")).stream()
          .anyMatch(line -> line.matches("\\S+\\s+00000000\\s.*"))) {
        return Optional.empty();
      }
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && !each.isLoopback()) {
          return Optional.of(each.getName());
        }
      }
    } catch (SocketException none) {
      return Optional.empty();
    } catch (IOException noLinux) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  @Override
  public List<String> enter() {
    List<String> enter = new ArrayList<>(List.of("nsenter", "--net=" + namespace("net")));
    if (!root) {
      enter.addAll(List.of("--user=" + namespace("user"), "--preserve-credentials"));
    }
    return enter;
  }

  @Override
  public String forContainers() {
    return "ns:" + namespace("net");
  }

  @Override
  public String seen(String name, String text) {
    return name.equals("hosts") ? ResolverFile.hosts(text) : new ResolverFile(text).inside();
  }

  private String namespace(String kind) {
    return "/proc/%d/ns/%s".formatted(holder, kind);
  }

  @Override
  public void close() {
    end(pasta);
  }

  private static void end(Process pasta) {
    List<ProcessHandle> all = pasta.descendants().toList();
    pasta.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static String lastLine(Path messages) throws IOException {
    List<String> lines =
        Files.readString(messages, UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.endsWith("to syslog"))
            .toList();
    return lines.isEmpty() ? "pasta said nothing" : String.join("; ", lines);
  }

  private static String script() {
    try (InputStream script = PastaNetwork.class.getResourceAsStream("rules.sh")) {
      return new String(script.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot read rules.sh from our own jar", broken);
    }
  }
}
