package io.tarkiln.kaniko.argo.api;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The way to the API server.
 *
 * @param calls for questions, which end when the server is silent
 * @param streams for watches and logs, which may be silent for as long as they like; a dead
 *     connection is found by pings
 */
public record ClusterClient(ApiClient calls, ApiClient streams) {
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String ANYWHERE = "tarkiln-builds";

  /** Makes a client, a new one each time. */
  @FunctionalInterface
  public interface Clients {
    ApiClient make() throws IOException;
  }

  /**
   * Connects with the file that {@code KUBECONFIG} names, else with {@code ~/.kube/config}, else as
   * the pod that this is. Certificates are verified; client-java reads a pod's token anew every
   * minute and asks a kubeconfig's credential plugin again when its token expires.
   */
  public static ClusterClient connect() {
    return connect(() -> ClientBuilder.standard().build());
  }

  /** Connects with clients made in another way. */
  public static ClusterClient connect(Clients clients) {
    try {
      ApiClient calls = clients.make();
      calls.setConnectTimeout(Math.toIntExact(SILENCE.toMillis()));
      calls.setReadTimeout(Math.toIntExact(SILENCE.toMillis()));
      ApiClient streams = clients.make();
      streams.setHttpClient(
          streams
              .getHttpClient()
              .newBuilder()
              .connectTimeout(SILENCE)
              .readTimeout(Duration.ZERO)
              .pingInterval(SILENCE)
              .build());
      return new ClusterClient(calls, streams);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "cannot read how to reach Kubernetes: set KUBECONFIG, or run as a pod", unreadable);
    }
  }

  /** The namespace of the pod that this is; a customary one outside of pods. */
  static String ownNamespace() {
    Path file = Path.of(Config.SERVICEACCOUNT_NAMESPACE_PATH);
    try {
      return Files.exists(file) ? Files.readString(file).strip() : ANYWHERE;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }

  /** What a refusal of the API server is to a build. */
  static UnavailableException unavailable(String what, int status, String message) {
    String why =
        switch (status) {
          case HttpURLConnection.HTTP_UNAUTHORIZED ->
              "Kubernetes does not know this account: check its token";
          case HttpURLConnection.HTTP_FORBIDDEN ->
              "Kubernetes forbids it: give the account the role in deploy/argo: " + message;
          default -> "Kubernetes answered %d: %s".formatted(status, message);
        };
    return new UnavailableException("cannot %s: %s".formatted(what, why));
  }
}
