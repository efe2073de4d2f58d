package io.tarkiln.cli.doctor;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.cli.session.UserSettings;
import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.RegistrySettings;
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

/** Checks of the servers that the variables name. */
record RemoteChecks(UserSettings connection) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  List<CheckResult> all() {
    List<CheckResult> findings = new ArrayList<>(new KafkaChecks(connection).all());
    findings.addAll(List.of(s3(), registry(), proxies()));
    findings.addAll(new BuildAccountChecks(settings()).all());
    findings.addAll(new KubernetesChecks(settings()).all());
    return findings;
  }

  private Settings settings() {
    return connection.settings();
  }

  private CheckResult s3() {
    String where =
        "bucket %s at %s"
            .formatted(
                settings().bucket(),
                settings().s3Endpoint().map(URI::toString).orElse("AWS " + settings().s3Region()));
    try (ObjectStore store = ObjectStore.connect(settings())) {
      store.check();
      return writeOnce(store, where);
    } catch (UnavailableException failed) {
      return CheckResult.fault(
          "s3",
          where + " does not answer",
          "check AWS_ENDPOINT_URL_S3, TARKILN_BUCKET and the AWS credentials");
    }
  }

  private static CheckResult writeOnce(ObjectStore store, String where) {
    try {
      return store.writeOnceCheck().passes()
          ? CheckResult.ok("s3", where)
          : CheckResult.fault("s3", where + ": " + WriteOnceCheck.FAULT, WriteOnceCheck.REMEDY);
    } catch (UnavailableException refused) {
      return CheckResult.warn(
          "s3",
          where + " takes no object: " + refused.getMessage(),
          "services may PUT below builds/; with their keys, doctor sees whether S3 fits Tarkiln");
    }
  }

  private CheckResult registry() {
    String host;
    try {
      host = ImageReference.parse(settings().registry() + "/any").registry();
    } catch (IllegalArgumentException wrong) {
      return CheckResult.fault(
          "registry", String.valueOf(wrong.getMessage()), "TARKILN_REGISTRY must name a registry");
    }
    boolean plain =
        RegistrySettings.of(settings()).plainHttp().contains(host)
            || host.matches("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
    URI uri = URI.create((plain ? "http://" : "https://") + host + "/v2/");
    try {
      int status = status(uri);
      return status == 200 || status == 401
          ? CheckResult.ok("registry", host)
          : CheckResult.fault(
              "registry",
              "%s answers %d to /v2/".formatted(host, status),
              "TARKILN_REGISTRY must name a registry");
    } catch (IOException failed) {
      return CheckResult.fault(
          "registry", host + " does not answer", "start 'tarkiln up', or set TARKILN_REGISTRY");
    }
  }

  private CheckResult proxies() {
    return settings()
        .get(Settings.PROXY_PROJECTS)
        .map(map -> CheckResult.ok("proxies", map))
        .orElse(
            CheckResult.warn(
                "proxies",
                "TARKILN_PROXY_PROJECTS is not set here",
                "the rewriter needs it (up sets its own):"
                    + " docker.io=harbor.example.com/dockerhub-proxy"));
  }

  private static int status(URI uri) throws IOException {
    HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
