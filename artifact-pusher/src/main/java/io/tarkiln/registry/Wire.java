package io.tarkiln.registry;

import io.tarkiln.build.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends one request and waits for its answer, as long as something moves. */
record Wire(HttpClient http) {
  private static final Duration QUESTION_PATIENCE = Duration.ofSeconds(60);

  /** A registry may have to move gigabytes in its store before it answers. */
  private static final Duration CHANGE_PATIENCE = Duration.ofMinutes(5);

  HttpResponse<byte[]> send(Ask ask, URI uri, Optional<String> authorization)
      throws UnavailableException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(ask.method(), ask.body().get());
    for (int i = 0; i + 1 < ask.headers().size(); i += 2) {
      request.header(ask.headers().get(i), ask.headers().get(i + 1));
    }
    authorization.ifPresent(value -> request.header("Authorization", value));
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    try {
      return await(answer, ask, uri);
    } catch (ExecutionException failed) {
      throw broken(ask, uri, failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", interrupted);
    } finally {
      answer.cancel(true); // also ends the exchange; nothing happens when it is done
    }
  }

  private static HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> answer, Ask ask, URI uri)
      throws ExecutionException, InterruptedException, UnavailableException {
    boolean question = ask.method().equals("GET") || ask.method().equals("HEAD");
    Duration patience = question ? QUESTION_PATIENCE : CHANGE_PATIENCE;
    long before = -1;
    while (before != ask.moved().getAsLong()) {
      before = ask.moved().getAsLong();
      try {
        return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        continue; // as long as bytes move
      }
    }
    throw new UnavailableException(
        "%s did not answer %s for %d seconds"
            .formatted(uri.getAuthority(), ask.method(), patience.toSeconds()));
  }

  private static UnavailableException broken(Ask ask, URI uri, Throwable failed) {
    // So the JDK hands on what broke in the source of a body.
    Throwable cause = failed instanceof UncheckedIOException ? failed.getCause() : failed;
    if (!(cause instanceof IOException)) {
      throw new IllegalStateException("a request could not be sent", cause);
    }
    String why = cause.getMessage();
    return new UnavailableException(
        "cannot %s at %s: %s"
            .formatted(
                ask.method(),
                uri.getAuthority(),
                why == null ? cause.getClass().getSimpleName() : why),
        cause);
  }
}
