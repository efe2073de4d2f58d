package io.tarkiln.local;

import io.tarkiln.embedded.Ports;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The registry that plays Harbor: our own images, and proxy projects. Where an upstream can be
 * reached its project is a pull-through cache of it; where Docker Hub cannot, its project holds
 * stand-ins for a few small base images.
 */
final class EmbeddedRegistry implements AutoCloseable {
  private static final String OWN = "registry";

  private final StartedServers parts = new StartedServers();
  private final String address;
  private final List<ProxyProject> projects;

  private EmbeddedRegistry(String address, List<ProxyProject> projects) {
    this.address = address;
    this.projects = projects;
  }

  static EmbeddedRegistry start(
      Settings settings, RegistryPrograms programs, StateDirectory state, String host, int port)
      throws IOException, UsageException {
    List<ProxyProject> projects = ProxyProject.all(settings);
    RegistryServer.endLeftOver(programs.in(state.in(OWN)), state.in(OWN));
    UsageException.requireFree(host, port, "--registry-port");
    List<ProxyProject> reachable =
        projects.parallelStream().filter(ProxyProject::isReachable).toList();
    int outer = port == 0 ? Ports.free() : port;
    EmbeddedRegistry registry = new EmbeddedRegistry(host + ":" + outer, projects);
    try {
      registry.start(programs, state, host, outer, reachable);
    } catch (IOException | RuntimeException failed) {
      registry.close();
      throw failed;
    }
    return registry;
  }

  private void start(
      RegistryPrograms programs,
      StateDirectory state,
      String host,
      int outer,
      List<ProxyProject> reachable)
      throws IOException {
    int inner = reachable.isEmpty() ? outer : Ports.free();
    new LayerCacheExpiry(programs.in(state.in(OWN)), state.in(OWN)).expire(Instant.now());
    RegistryServer own =
        RegistryServer.start(
            programs.in(state.in(OWN)), state.in(OWN), host, inner, RegistryServer.Options.PLAIN);
    parts.add(own);
    if (!reachable.isEmpty()) {
      Map<String, String> caches = new TreeMap<>();
      for (ProxyProject project : reachable) {
        RegistryServer cache =
            RegistryServer.start(
                programs.in(state.in(project.name())),
                state.in(project.name()),
                host,
                0,
                new RegistryServer.Options(Optional.empty(), Optional.of(project.upstream())));
        parts.add(cache);
        caches.put(project.name(), cache.address());
      }
      parts.add(RegistryFront.start(host, outer, own.address(), caches));
    }
    for (ProxyProject project : projects) {
      if (project.host().equals("docker.io") && !reachable.contains(project)) {
        StandInImages.push(own.address(), project.name());
      }
    }
  }

  /** Host and port. */
  String address() {
    return address;
  }

  /** The proxy map as {@code TARKILN_PROXY_PROJECTS} writes it. */
  String proxyProjects() {
    return projects.stream()
        .map(project -> project.host() + "=" + address + "/" + project.name())
        .collect(Collectors.joining(","));
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }
}
