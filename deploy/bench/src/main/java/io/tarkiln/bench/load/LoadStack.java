package io.tarkiln.bench.load;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.MinioServer;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.event.Topics;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.testkit.GoProgram;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Kafka, S3, a registry, and some instances of each service, on this machine. */
final class LoadStack implements AutoCloseable {
  static final Topics TOPICS = new Topics("load.");
  private static final List<String> SERVICES =
      List.of("checkout-worker", "dockerfile-rewriter", "build-submitter", "artifact-pusher");

  private final Deque<Closeable> parts = new ArrayDeque<>();
  private final List<MeasuredService> services = new ArrayList<>();
  private LoadObserver observer;
  private KafkaBroker kafka;

  private LoadStack() {}

  /**
   * Starts all of it and waits until it is ready.
   *
   * @param instances of each service
   * @param options for the JVM of each; {@code %s} in them stands for the instance's name
   */
  static LoadStack start(Path folder, int instances, List<String> options) throws Exception {
    LoadStack stack = new LoadStack();
    try {
      stack.open(folder, instances, options);
      return stack;
    } catch (Exception failed) {
      stack.close();
      throw failed;
    }
  }

  private void open(Path folder, int instances, List<String> options) throws Exception {
    Path executor = GoProgram.build("deploy/e2e/executor", folder.resolve("executor"));
    kafka = part(KafkaBroker.start(folder.resolve("kafka"), "localhost", 0), it -> it::close);
    kafka.createTopics(
        TOPICS.all().stream().collect(Collectors.toMap(name -> name, name -> Duration.ofDays(1))));
    MinioServer s3 =
        part(MinioServer.start(GoTools.provide("minio"), folder.resolve("s3")), it -> it::close);
    RegistryServer registry =
        part(
            RegistryServer.start(
                folder.resolve("registry"), "127.0.0.1", RegistryServer.Options.PLAIN),
            it -> it::close);
    observer = part(new LoadObserver(kafka.bootstrapServers(), TOPICS), it -> it::close);
    // Where to tell stands in the last line of the executor, which is all that a run is given.
    Files.writeString(
        executor, "\n{\"runs\": \"%s\"}".formatted(observer.address()), StandardOpenOption.APPEND);
    Map<String, String> variables = new HashMap<>(s3.variables());
    variables.put(Settings.KAFKA, kafka.bootstrapServers());
    variables.put(Settings.TOPIC_PREFIX, TOPICS.prefix());
    variables.put(Settings.REGISTRY, registry.address());
    variables.put(Settings.PLAIN_HTTP_REGISTRIES, registry.address());
    variables.put("TARKILN_GIT_ALLOW_FILE", "true");
    variables.put("TARKILN_CONTAINER_ENGINE", "none");
    variables.put("TARKILN_KANIKO_EXECUTOR", executor.toString());
    variables.put("TARKILN_BUILD_NETWORK", "host"); // it tells the observer of its runs
    try (ObjectStore store = ObjectStore.connect(Settings.of(variables))) {
      store.createBucket();
    }
    for (String service : SERVICES) {
      for (int i = 1; i <= instances; i++) {
        String name = service + "-" + i;
        Map<String, String> own = new HashMap<>(variables);
        own.put("TARKILN_WORK_DIRECTORY", folder.resolve("work").resolve(name).toString());
        own.put("TARKILN_GIT_CACHE", folder.resolve("git").resolve(name).toString());
        services.add(
            part(
                MeasuredService.start(
                    service,
                    name,
                    options.stream().map(option -> option.replace("%s", name)).toList(),
                    own,
                    folder),
                it -> it::close));
      }
    }
    for (MeasuredService service : services) {
      service.awaitReady();
    }
  }

  private <T> T part(T part, Function<T, Closeable> end) {
    parts.push(end.apply(part));
    return part;
  }

  String kafka() {
    return kafka.bootstrapServers();
  }

  LoadObserver observer() {
    return observer;
  }

  List<MeasuredService> services() {
    return services;
  }

  @Override
  public void close() throws IOException {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
