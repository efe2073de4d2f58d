package io.tarkiln.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker and its KRaft controller in this JVM, as one node that keeps everything in a
 * folder: started on it again, also after {@code kill -9}, it goes on.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final int NODE = 1;
  private static final int PARTITIONS = 8;

  /** A Kafka Uuid: base64 of the sixteen letters {@code tarkiln-embedded}. */
  private static final String CLUSTER = "dGFya2lsbi1lbWJlZGRlZA";

  /** Ours, and none of Kafka's. */
  private static final String LOGIN_ADDRESS = "tarkiln.login.address";

  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private KafkaBroker(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker.
   *
   * @param folder where it keeps everything; made if missing
   * @param host to listen on and to be found at
   * @param port to listen on, 0 for a free one
   */
  public static KafkaBroker start(Path folder, String host, int port) throws IOException {
    return start(folder, host, port, Map.of());
  }

  /**
   * Starts a broker that one must log in to, at a further port.
   *
   * @param loginPort where that is
   * @param settings how: certificates and mechanisms, as broker settings of the listener {@code
   *     login}, and any other setting of the broker
   */
  public static KafkaBroker startWithLogin(
      Path folder, String host, int port, int loginPort, Map<String, String> settings)
      throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put(LOGIN_ADDRESS, host + ":" + loginPort);
    return start(folder, host, port, all);
  }

  private static KafkaBroker start(Path folder, String host, int port, Map<String, String> settings)
      throws IOException {
    int listen = port == 0 ? Ports.free() : port;
    Path data = Files.createDirectories(folder).resolve("data");
    format(data);
    // A fault of the broker ends the broker, not the program around it.
    Exit.setExitProcedure((status, message) -> halt("exit", message));
    Exit.setHaltProcedure((status, message) -> halt("halt", message));
    String address = host + ":" + listen;
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(properties(data, address, Ports.free(), settings)), Time.SYSTEM);
    server.startup();
    return new KafkaBroker(server, address);
  }

  private static void halt(String how, String message) {
    throw new IllegalStateException("the Kafka broker wants to " + how + ": " + message);
  }

  private static void format(Path data) throws IOException {
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(NODE)
          .setClusterId(CLUSTER)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName("CONTROLLER")
          .setDirectories(List.of(data.toString()))
          .setMetadataLogDirectory(data.toString())
          .setIgnoreFormatted(true)
          .run();
    } catch (IOException | RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IOException("cannot prepare " + data + " for Kafka", failed);
    }
  }

  private static Properties properties(
      Path data, String address, int controllerPort, Map<String, String> settings) {
    String listeners = "PLAINTEXT://" + address;
    if (settings.containsKey(LOGIN_ADDRESS)) {
      listeners += ",LOGIN://" + settings.get(LOGIN_ADDRESS);
    }
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", Integer.toString(NODE)),
            Map.entry("controller.quorum.voters", NODE + "@localhost:" + controllerPort),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("listeners", listeners + ",CONTROLLER://localhost:" + controllerPort),
            Map.entry("advertised.listeners", listeners),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,LOGIN:SASL_SSL,CONTROLLER:PLAINTEXT"),
            Map.entry("log.dirs", data.toString()),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.partitions", Integer.toString(PARTITIONS)),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("num.io.threads", "2"),
            Map.entry("num.network.threads", "2"),
            Map.entry("background.threads", "2"),
            Map.entry("message.max.bytes", "1572864"),
            Map.entry("log.segment.bytes", "67108864"),
            Map.entry("metadata.log.segment.bytes", "16777216")));
    properties.putAll(settings);
    return properties;
  }

  /** Where clients find the broker. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * Makes topics that are missing; those that are there stay as they are.
   *
   * @param retention how long each topic keeps its records
   */
  public void createTopics(Map<String, Duration> retention) throws IOException {
    createTopics(bootstrapServers, retention);
  }

  /** The same with any broker. */
  public static void createTopics(String bootstrapServers, Map<String, Duration> retention)
      throws IOException {
    List<NewTopic> topics =
        retention.entrySet().stream()
            .map(
                topic ->
                    new NewTopic(topic.getKey(), Optional.of(PARTITIONS), Optional.empty())
                        .configs(
                            Map.of("retention.ms", Long.toString(topic.getValue().toMillis()))))
            .toList();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
        finish(created, bootstrapServers);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while creating topics", interrupted);
    }
  }

  private static void finish(KafkaFuture<Void> created, String bootstrapServers)
      throws IOException, InterruptedException {
    try {
      created.get();
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof TopicExistsException)) {
        throw new IOException("cannot create topics on " + bootstrapServers, failed.getCause());
      }
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
