package io.tarkiln.e2e.stack;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The services as a cluster runs them: processes that share nothing but Kafka and S3, with a
 * registry to push to. Each process is called {@code <service>-<number>} and reaches S3 and the
 * registry by the same names as all others, but through an address of its own, at which a script
 * can come between.
 */
public final class SeparateServices implements AutoCloseable {
  public static final List<String> SERVICES =
      List.of("checkout-worker", "dockerfile-rewriter", "build-submitter", "artifact-pusher");

  /** Comes between nothing. */
  public static final HttpRelay.Script UNTOUCHED = new Untouched();

  private final Path folder;
  private final Setup setup;
  private final S3Server s3;
  private final RegistryServer registry;
  private final Map<String, String> variables = new HashMap<>();
  private final List<HttpRelay> relays;
  private final ConcurrentMap<String, ServiceProcess> services = new ConcurrentHashMap<>();

  /**
   * What to start.
   *
   * @param kafka bootstrap servers
   * @param instances processes of each service
   * @param more variables for all services
   * @param own variables for a process by its name
   * @param lasting whether a process that is started again is the same member of its consumer
   *     groups as before, so that nobody waits for the dead one
   * @param script comes between services and their servers
   */
  public record Setup(
      Topics topics,
      String kafka,
      int instances,
      Map<String, String> more,
      Function<String, Map<String, String>> own,
      boolean lasting,
      HttpRelay.Script script) {}

  private SeparateServices(Path folder, Setup setup, S3Server s3, RegistryServer registry) {
    this.folder = folder;
    this.setup = setup;
    this.s3 = s3;
    this.registry = registry;
    this.relays =
        List.of(
            new HttpRelay("s3", s3.endpoint().getAuthority(), setup.script()),
            new HttpRelay("registry", registry.address(), setup.script()));
  }

  /** Starts one of each with more variables for the services, and waits until they are ready. */
  public static SeparateServices start(Path folder, String topicPrefix, Map<String, String> more)
      throws Exception {
    return start(folder, topicPrefix, more, Map.of());
  }

  /** The same with variables for some processes, by their names. */
  public static SeparateServices start(
      Path folder,
      String topicPrefix,
      Map<String, String> more,
      Map<String, Map<String, String>> own)
      throws Exception {
    return start(
        folder,
        new Setup(
            new Topics(topicPrefix),
            TestKafka.bootstrapServers(),
            1,
            more,
            process -> own.getOrDefault(process, Map.of()),
            false,
            UNTOUCHED));
  }

  /** Starts all of it, and waits until the services are ready. */
  public static SeparateServices start(Path folder, Setup setup) throws Exception {
    KafkaBroker.createTopics(
        setup.kafka(),
        setup.topics().all().stream()
            .collect(Collectors.toMap(name -> name, name -> Duration.ofDays(1))));
    SeparateServices apart =
        new SeparateServices(
            folder,
            setup,
            S3Server.start(folder.resolve("s3"), "127.0.0.1", 0),
            RegistryServer.start(
                GoTools.provide("registry"),
                folder.resolve("registry"),
                "127.0.0.1",
                0,
                RegistryServer.Options.PLAIN));
    try {
      apart.open();
      apart.startServices();
      return apart;
    } catch (Exception | Error failed) {
      apart.close();
      throw failed;
    }
  }

  /** The names of all processes. */
  public List<String> processes() {
    return SERVICES.stream()
        .flatMap(
            service -> IntStream.rangeClosed(1, setup.instances()).mapToObj(i -> service + "-" + i))
        .toList();
  }

  /** The service that a process is of. */
  static String serviceOf(String process) {
    return process.substring(0, process.lastIndexOf('-'));
  }

  private void open() throws Exception {
    int s3Port = 0;
    int registryPort = 0;
    for (String process : processes()) {
      s3Port = relays.get(0).listen(process, address(process));
      registryPort = relays.get(1).listen(process, address(process));
      Files.writeString(
          folder.resolve(process + ".hosts"),
          Stream.of("s3.test", "registry.test")
                  .map(name -> address(process).getHostAddress() + " " + name + "\n")
                  .collect(Collectors.joining())
              + "127.0.0.1 localhost\n");
    }
    String pushTo = "registry.test:" + registryPort;
    variables.putAll(s3.variables());
    variables.put(Settings.S3_ENDPOINT, "http://s3.test:" + s3Port);
    variables.put(Settings.KAFKA, setup.kafka());
    variables.put(Settings.TOPIC_PREFIX, setup.topics().prefix());
    variables.put(Settings.REGISTRY, pushTo);
    variables.put(Settings.PLAIN_HTTP_REGISTRIES, pushTo + "," + registry.address());
    variables.put(Settings.CACHE_REPOSITORY, registry.address());
    variables.put("TARKILN_GIT_ALLOW_FILE", "true");
    variables.put("TARKILN_KANIKO_EXECUTOR", GoTools.provide("kaniko").toString());
    variables.putAll(setup.more());
    try (ObjectStore store = store()) {
      store.createBucket();
    }
  }

  /** Loopback has as many addresses as there are processes, each with both ports. */
  private InetAddress address(String process) {
    try {
      int number = 1 + processes().indexOf(process);
      return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) number});
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Starts all processes and waits until they are ready. */
  public void startServices() throws IOException {
    for (String process : processes()) {
      start(process);
    }
    services().forEach(ServiceProcess::awaitReady);
  }

  /** Ends all processes as a cluster does. */
  public void stopServices() {
    services.values().parallelStream().forEach(ServiceProcess::close);
    services.clear();
  }

  /** Starts a process; does not wait for it. */
  public void start(String process) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp").resolve(process));
    Map<String, String> all = new HashMap<>(variables);
    all.put("TARKILN_WORK_DIRECTORY", folder.resolve("work").resolve(process).toString());
    all.put("TARKILN_GIT_CACHE", folder.resolve("git").resolve(process).toString());
    all.putAll(setup.own().apply(process));
    List<String> options = new ArrayList<>();
    options.add("-Djdk.net.hosts.file=" + folder.resolve(process + ".hosts"));
    options.add("-Djava.io.tmpdir=" + temporary);
    if (setup.lasting()) {
      options.add(
          "-Dmp.messaging.connector.smallrye-kafka.group.instance.id=%s".formatted(process));
    }
    services.put(process, ServiceProcess.start(serviceOf(process), process, all, options, folder));
  }

  /** What the services are told, with other values for some. */
  public Map<String, String> variables(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(others);
    return all;
  }

  /** Ends a process as {@code kill -9} does; returns whether it was there. */
  public boolean kill(String process) throws InterruptedException {
    ServiceProcess service = services.remove(process);
    if (service != null) {
      service.kill();
    }
    return service != null;
  }

  public Collection<ServiceProcess> services() {
    return services.values();
  }

  Topics topics() {
    return setup.topics();
  }

  public ImagePuller registry() {
    return new ImagePuller(registry.address());
  }

  /** The bucket of the services, past all scripts; close it. */
  public ObjectStore store() {
    Map<String, String> direct = new HashMap<>(variables);
    direct.putAll(s3.variables());
    return ObjectStore.connect(Settings.of(direct));
  }

  /** Where a process has the directories of its runs of Kaniko. */
  public Path runs(String process) {
    return folder.resolve("work").resolve(process).resolve("runs");
  }

  /** The temporary folder of a process. */
  public Path temporary(String process) {
    return folder.resolve("tmp").resolve(process);
  }

  @Override
  public void close() throws IOException {
    stopServices();
    for (HttpRelay relay : relays) {
      relay.close();
    }
    registry.close();
    s3.close();
  }

  private record Untouched() implements HttpRelay.Script {
    @Override
    public HttpRelay.Act before(HttpRelay.Request request) {
      return HttpRelay.Act.PASS;
    }

    @Override
    public HttpRelay.Act after(HttpRelay.Request request, int status) {
      return HttpRelay.Act.PASS;
    }
  }
}
