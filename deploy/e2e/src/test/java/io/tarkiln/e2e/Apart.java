package io.tarkiln.e2e;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.embedded.S3Server;
import io.tarkiln.embedded.TestKafka;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The services as a cluster runs them: processes that share nothing but Kafka and S3, with a
 * registry to push to.
 */
final class Apart implements AutoCloseable {
  static final List<String> SERVICES =
      List.of("checkout-worker", "dockerfile-rewriter", "build-submitter", "artifact-pusher");

  private final Path folder;
  private final Topics topics;
  private final S3Server s3;
  private final RegistryServer registry;
  private final Map<String, String> variables;
  private final Map<String, Service> services = new LinkedHashMap<>();

  private Apart(
      Path folder,
      Topics topics,
      S3Server s3,
      RegistryServer registry,
      Map<String, String> variables) {
    this.folder = folder;
    this.topics = topics;
    this.s3 = s3;
    this.registry = registry;
    this.variables = variables;
  }

  /** Starts all of it with more variables for the services, and waits until they are ready. */
  static Apart start(Path folder, String topicPrefix, Map<String, String> more) throws Exception {
    Topics topics = new Topics(topicPrefix);
    TestKafka.createTopics(topics.all().toArray(String[]::new));
    S3Server s3 = S3Server.start(folder.resolve("s3"), "127.0.0.1", 0);
    RegistryServer registry =
        RegistryServer.start(
            GoTools.provide("registry"),
            folder.resolve("registry"),
            "127.0.0.1",
            0,
            RegistryServer.Options.PLAIN);
    Map<String, String> variables = new HashMap<>(s3.variables());
    variables.put(Settings.KAFKA, TestKafka.bootstrapServers());
    variables.put(Settings.TOPIC_PREFIX, topics.prefix());
    variables.put(Settings.REGISTRY, registry.address());
    variables.put(Settings.PLAIN_HTTP_REGISTRIES, registry.address());
    variables.put("TARKILN_GIT_ALLOW_FILE", "true");
    variables.put("TARKILN_WORK_DIRECTORY", folder.resolve("work").toString());
    variables.put("TARKILN_KANIKO_EXECUTOR", GoTools.provide("kaniko").toString());
    variables.putAll(more);
    Apart apart = new Apart(folder, topics, s3, registry, variables);
    try (ObjectStore store = apart.store()) {
      store.createBucket();
    }
    apart.startServices();
    return apart;
  }

  /** Starts all services and waits until they are ready. */
  void startServices() throws IOException {
    for (String name : SERVICES) {
      start(name);
    }
    services().forEach(Service::awaitReady);
  }

  /** Ends all services as a cluster does. */
  void stopServices() {
    services.values().forEach(Service::close);
    services.clear();
  }

  /** Starts a service; does not wait for it. */
  void start(String name) throws IOException {
    services.put(name, Service.start(name, variables, folder));
  }

  /** What the services are told, with other values for some. */
  Map<String, String> variables(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(others);
    return all;
  }

  /** Ends a service as {@code kill -9} does. */
  void kill(String name) throws InterruptedException {
    services.remove(name).kill();
  }

  Collection<Service> services() {
    return services.values();
  }

  Topics topics() {
    return topics;
  }

  RegistryReader registry() {
    return new RegistryReader(registry.address());
  }

  /** The bucket of the services; close it. */
  ObjectStore store() {
    return ObjectStore.connect(Settings.of(variables));
  }

  /** Where runs of Kaniko have their directories. */
  Path runs() {
    return folder.resolve("work/runs");
  }

  @Override
  public void close() throws IOException {
    stopServices();
    registry.close();
    s3.close();
  }
}
