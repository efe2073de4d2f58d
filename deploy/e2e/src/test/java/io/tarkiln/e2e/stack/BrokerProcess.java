package io.tarkiln.e2e.stack;

import static org.awaitility.Awaitility.await;

import io.tarkiln.embedded.KafkaBroker;
import io.tarkiln.embedded.Ports;
import io.tarkiln.testkit.OtherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A Kafka broker as a process of its own that can be killed and started again on its data. */
public final class BrokerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final Path folder;
  private final int port;
  private Process process;

  private BrokerProcess(Path folder) throws IOException {
    port = Ports.free();
    this.folder = folder;
  }

  /** What the process runs: a broker in the folder and at the port that are the arguments. */
  public static void main(String... arguments) throws Exception {
    KafkaBroker broker =
        KafkaBroker.start(Path.of(arguments[0]), "localhost", Integer.parseInt(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    Thread.currentThread().join();
  }

  public static BrokerProcess start(Path folder) throws IOException {
    BrokerProcess broker = new BrokerProcess(Files.createDirectories(folder));
    broker.start();
    return broker;
  }

  /** Starts it again and waits until it answers. */
  public void start() throws IOException {
    process =
        new ProcessBuilder(
                OtherJvm.command(
                    BrokerProcess.class,
                    List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"),
                    folder.toString(),
                    Integer.toString(port)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()))
            .start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      await("the broker to answer, see " + folder.resolve("broker.log"))
          .atMost(START_LIMIT)
          .ignoreExceptions()
          .until(() -> !admin.describeCluster().nodes().get().isEmpty());
    }
  }

  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /** Ends it as {@code kill -9} does; all that it acknowledged is in its files. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
