package io.tarkiln.cli;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import io.tarkiln.store.WriteOnceCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Looks at the servers that the variables name. */
record RemoteChecks(Connection connection) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  List<Finding> all() {
    List<Finding> findings = new ArrayList<>(List.of(kafka(), s3(), registry(), proxies()));
    findings.addAll(new KubernetesChecks(settings()).all());
    return findings;
  }

  private Settings settings() {
    return connection.settings();
  }

  private Finding kafka() {
    KafkaAccess access = new KafkaAccess(connection);
    try (KafkaConsumer<String, byte[]> consumer = access.consumer(access.topics().all())) {
      return Finding.ok(
          "kafka",
          "%s, %d partitions of our topics"
              .formatted(settings().kafka(), consumer.assignment().size()));
    } catch (CliException failed) {
      return Finding.fault(
          "kafka",
          failed.getMessage().split(":")[0] + " " + settings().kafka(),
          "start 'tarkiln up', or set KAFKA_BOOTSTRAP_SERVERS and create the topics "
              + access.topics().prefix()
              + "*");
    }
  }

  private Finding s3() {
    String where =
        "bucket %s at %s"
            .formatted(
                settings().bucket(),
                settings().s3Endpoint().map(URI::toString).orElse("AWS " + settings().s3Region()));
    try (ObjectStore store = ObjectStore.connect(settings())) {
      store.check();
      return writeOnce(store, where);
    } catch (UnavailableException failed) {
      return Finding.fault(
          "s3",
          where + " does not answer",
          "check AWS_ENDPOINT_URL_S3, TARKILN_BUCKET and the AWS credentials");
    }
  }

  private static Finding writeOnce(ObjectStore store, String where) {
    try {
      return store.writeOnceCheck().passes()
          ? Finding.ok("s3", where)
          : Finding.fault("s3", where + ": " + WriteOnceCheck.FAULT, WriteOnceCheck.REMEDY);
    } catch (UnavailableException refused) {
      return Finding.warn(
          "s3",
          where + " takes no object: " + refused.getMessage(),
          "services may PUT below builds/; with their keys, doctor sees whether S3 fits Tarkiln");
    }
  }

  private Finding registry() {
    String host = settings().registry().split("/")[0];
    boolean plain =
        settings().get(Settings.PLAIN_HTTP_REGISTRIES).orElse("").contains(host)
            || host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
    URI uri = URI.create((plain ? "http://" : "https://") + host + "/v2/");
    try {
      int status = status(uri);
      return status == 200 || status == 401
          ? Finding.ok("registry", host)
          : Finding.fault(
              "registry",
              "%s answers %d to /v2/".formatted(host, status),
              "TARKILN_REGISTRY must name a registry");
    } catch (IOException failed) {
      return Finding.fault(
          "registry", host + " does not answer", "start 'tarkiln up', or set TARKILN_REGISTRY");
    }
  }

  private Finding proxies() {
    return settings()
        .get(Settings.PROXY_PROJECTS)
        .map(map -> Finding.ok("proxies", map))
        .orElse(
            Finding.warn(
                "proxies",
                "TARKILN_PROXY_PROJECTS is not set here",
                "the rewriter needs it (up sets its own):"
                    + " docker.io=harbor.example.com/dockerhub-proxy"));
  }

  private static int status(URI uri) throws IOException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
