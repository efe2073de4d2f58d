package io.tarkiln.local;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.event.EventType;
import io.tarkiln.event.Topics;
import io.tarkiln.kaniko.launch.ContainerEngine;
import io.tarkiln.kaniko.launch.LauncherSettings;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Kafka, S3 and the registry, ready for the services. */
record EmbeddedStack(
    StateDirectory state,
    List<ContainerEngine> engines,
    KafkaBroker kafka,
    S3Server s3,
    EmbeddedRegistry registry,
    StartedServers parts)
    implements AutoCloseable {
  private static final Duration KEEP_EVENTS = Duration.ofDays(7);
  private static final Duration KEEP_LOGS = Duration.ofDays(1);
  private static final Duration KEEP_IMAGE_TARS = Duration.ofDays(1);
  private static final Duration KEEP_DEAD_LETTERS = Duration.ofDays(30);

  static EmbeddedStack start(
      StateDirectory state, String host, int kafkaPort, int s3Port, int registryPort)
      throws IOException, UsageException, UnavailableException {
    UsageException.requireFree(host, kafkaPort, "--kafka-port");
    UsageException.requireFree(host, s3Port, "--s3-port");
    Settings settings = Settings.ofEnvironment();
    List<ContainerEngine> engines =
        ContainerEngine.answering(LauncherSettings.of(settings), state.in("work")).toList();
    RegistryPrograms programs = RegistryPrograms.find(settings, engines);
    StartedServers parts = new StartedServers();
    try {
      EmbeddedRegistry registry =
          parts.add(EmbeddedRegistry.start(settings, programs, state, host, registryPort));
      S3Server s3 = parts.add(S3Server.start(state.in("s3"), host, s3Port));
      s3.announce();
      KafkaBroker kafka = parts.add(KafkaBroker.start(state.in("kafka"), host, kafkaPort));
      kafka.createTopics(retention(settings.topics()));
      EmbeddedStack stack = new EmbeddedStack(state, engines, kafka, s3, registry, parts);
      ObjectStore store = ObjectStore.connect(stack.settings(settings));
      Duration keep = settings.duration("TARKILN_KEEP_IMAGE_TARS", KEEP_IMAGE_TARS);
      BucketExpiry expiry = parts.add(new BucketExpiry(store, keep));
      store.createBucket();
      // No service runs yet, so these are of a process that was killed.
      store.lifecycle().abortUploads();
      expiry.start();
      return stack;
    } catch (IOException | UsageException | UnavailableException | RuntimeException failed) {
      parts.close();
      throw failed;
    }
  }

  private static Map<String, Duration> retention(Topics topics) {
    Map<String, Duration> retention = new TreeMap<>();
    topics.all().forEach(topic -> retention.put(topic, KEEP_EVENTS));
    retention.put(topics.of(EventType.BUILD_LOG), KEEP_LOGS);
    retention.put(topics.deadLetter(), KEEP_DEAD_LETTERS);
    return retention;
  }

  /** What the services are told, by the names that they know. */
  private Map<String, String> variables() throws IOException {
    Map<String, String> variables = new TreeMap<>();
    variables.put(Settings.KAFKA, kafka.bootstrapServers());
    variables.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    variables.putAll(s3.variables());
    variables.put(Settings.REGISTRY, registry.address());
    variables.put(Settings.PLAIN_HTTP_REGISTRIES, registry.address());
    variables.put("TARKILN_GIT_PLAIN_HTTP_HOSTS", "localhost,127.0.0.1,[::1]");
    variables.put("TARKILN_GIT_ALLOW_FILE", "true");
    variables.put("TARKILN_GIT_CACHE", state.in("git").toString());
    variables.put("TARKILN_WORK_DIRECTORY", state.in("work").toString());
    variables.put("TARKILN_SOURCE_LIFETIME", BucketExpiry.KEEP_SOURCES.toHours() + "h");
    return variables;
  }

  private Settings settings(Settings environment) throws IOException {
    Map<String, String> variables = variables();
    return new Settings(
        name -> Optional.ofNullable(variables.get(name)).or(() -> environment.get(name)));
  }

  /** Tells the services, which run in this process, by way of system properties. */
  void configureServices() throws IOException {
    variables().forEach(System::setProperty);
    Settings environment = Settings.ofEnvironment();
    if (environment.get(Settings.PROXY_PROJECTS).isEmpty()) {
      System.setProperty(Settings.PROXY_PROJECTS, registry.proxyProjects());
    }
    LauncherSettings launchers = LauncherSettings.of(environment);
    if (launchers.executor().isEmpty()
        && engines.stream().noneMatch(engine -> engine.has(launchers.image()))) {
      Path executor = GoTools.provide("kaniko");
      System.setProperty("TARKILN_KANIKO_EXECUTOR", executor.toString());
    }
    System.setProperty("quarkus.log.file.path", state.in("tarkiln.log").toString());
  }

  /** The line that says where everything is. */
  String readyLine() {
    return "ready kafka=%s s3=%s registry=%s"
        .formatted(kafka.bootstrapServers(), s3.endpoint(), registry.address());
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }
}
