package io.tarkiln.registry.http;

import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpRetryException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** Sends one request and waits for its answer, as long as something moves. */
public final class Transport {
  /** For what a manifest names, a registry may have to look in a slow store. */
  private static final Duration MANIFEST_TIMEOUT = Duration.ofMinutes(1);

  /** A registry may have to move gigabytes in its store before it answers. */
  private static final Duration BLOB_TIMEOUT = Duration.ofMinutes(5);

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "registry-request");
            thread.setDaemon(true);
            return thread;
          });

  private final Optional<SSLContext> trust;
  private final Optional<SSLSocketFactory> sockets;
  private final Duration timeout;
  private Optional<HttpClient> httpClient = Optional.empty();

  /**
   * A transport that has sent nothing yet.
   *
   * @param trust whose certificates to accept; Java's own without it
   * @param timeout for the answer to a small request
   */
  public Transport(Optional<SSLContext> trust, Duration timeout) {
    this.trust = trust;
    // The same for all: connections are kept by it.
    this.sockets = trust.map(SSLContext::getSocketFactory);
    this.timeout = timeout;
  }

  public HttpResponse<byte[]> send(RegistryRequest request, URI uri, Optional<String> authorization)
      throws RegistryException {
    try {
      return request.method().equals("PATCH")
          ? byHttpClient(request, uri, authorization)
          : byUrlConnection(request, uri, authorization);
    } catch (ExecutionException failed) {
      throw unavailable(request, uri, Objects.requireNonNullElse(failed.getCause(), failed));
    } catch (InterruptedException interrupted) {
      throw RegistryUnavailableException.interrupted(interrupted);
    }
  }

  private HttpResponse<byte[]> byUrlConnection(
      RegistryRequest request, URI uri, Optional<String> authorization)
      throws ExecutionException, InterruptedException, RegistryUnavailableException {
    UrlConnectionCall call;
    try {
      call = new UrlConnectionCall(request, uri, authorization, sockets);
    } catch (IOException impossible) {
      throw new IllegalStateException("nothing is connected yet", impossible);
    }
    CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            answer.complete(call.send());
          } catch (IOException | RuntimeException failed) {
            answer.completeExceptionally(failed);
          }
        });
    try {
      return await(answer, request, uri);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof HttpRetryException) {
        return byHttpClient(request, uri, authorization);
      }
      throw failed;
    } finally {
      if (!answer.isDone()) {
        call.disconnect();
      }
    }
  }

  private HttpResponse<byte[]> byHttpClient(
      RegistryRequest request, URI uri, Optional<String> authorization)
      throws ExecutionException, InterruptedException, RegistryUnavailableException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri).method(request.method(), request.publisher());
    request.eachHeader(builder::header);
    authorization.ifPresent(value -> builder.header("Authorization", value));
    CompletableFuture<HttpResponse<byte[]>> answer =
        httpClient().sendAsync(builder.build(), answered -> new BoundedBody());
    try {
      return await(answer, request, uri);
    } finally {
      answer.cancel(true); // also ends the exchange; nothing happens when it is done
    }
  }

  /** Made when it is needed, which is seldom: it takes longer than many a push. */
  private synchronized HttpClient httpClient() {
    if (httpClient.isEmpty()) {
      HttpClient.Builder client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER) // we follow them, and keep accounts back
              .connectTimeout(CONNECT_TIMEOUT);
      trust.ifPresent(client::sslContext);
      httpClient = Optional.of(client.build());
    }
    return httpClient.get();
  }

  private HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> answer, RegistryRequest request, URI uri)
      throws ExecutionException, InterruptedException, RegistryUnavailableException {
    Duration limit = timeout(request);
    long before = -1;
    while (before != request.moved()) {
      before = request.moved();
      try {
        return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        continue; // as long as bytes move
      }
    }
    throw new RegistryUnavailableException(
        "%s did not answer %s for %d seconds"
            .formatted(uri.getAuthority(), request.method(), limit.toSeconds()));
  }

  private Duration timeout(RegistryRequest request) {
    if (request.blob().isPresent()) {
      return BLOB_TIMEOUT;
    }
    return request.method().equals("PUT") ? MANIFEST_TIMEOUT : timeout;
  }

  private static RegistryUnavailableException unavailable(
      RegistryRequest request, URI uri, Throwable failed) throws RegistryRefusedException {
    // So the JDK hands on what broke in the source of a body.
    Throwable cause = failed instanceof UncheckedIOException ? failed.getCause() : failed;
    if (!(cause instanceof IOException)) {
      throw new IllegalStateException("a request could not be sent", cause);
    }
    if (isUntrusted(cause)) {
      throw new RegistryRefusedException(
          Refusal.UNTRUSTED,
          "the certificate of %s is not trusted: let TARKILN_REGISTRY_CA name a PEM file with its authority"
              .formatted(uri.getAuthority()),
          cause);
    }
    String why = Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    if (cause instanceof SSLException && why.contains("unrecognized SSL message")) {
      throw new RegistryRefusedException(
          Refusal.UNTRUSTED,
          "%s does not speak TLS: if it speaks http, name it in TARKILN_PLAIN_HTTP_REGISTRIES"
              .formatted(uri.getAuthority()),
          cause);
    }
    return new RegistryUnavailableException(
        "cannot %s at %s: %s".formatted(request.method(), uri.getAuthority(), why), cause);
  }

  private static boolean isUntrusted(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
        return true;
      }
    }
    return false;
  }
}
