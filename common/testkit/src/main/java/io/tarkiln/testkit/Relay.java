package io.tarkiln.testkit;

import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A script that passes requests on to the real registry, so that it can be watched or made to fail.
 *
 * @param instead what is answered in the registry's stead
 */
public record Relay(Function<Seen, Optional<Answer>> instead) implements Function<Seen, Answer> {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Override
  public Answer apply(Seen request) {
    return instead.apply(request).orElseGet(() -> passOn(request));
  }

  private static Answer passOn(Seen request) {
    HttpRequest.Builder same =
        HttpRequest.newBuilder(URI.create("http://" + SharedRegistry.address() + request.uri()))
            .method(request.method(), BodyPublishers.ofByteArray(request.body()));
    for (String name : List.of("Accept", "Content-Type", "Content-Range")) {
      request.header(name).ifPresent(value -> same.header(name, value));
    }
    try {
      HttpResponse<byte[]> response = HTTP.send(same.build(), BodyHandlers.ofByteArray());
      Answer answer = Answer.of(response.statusCode());
      for (String name : List.of("Content-Type", "Docker-Content-Digest", "Location", "Range")) {
        Optional<String> value = response.headers().firstValue(name);
        if (value.isPresent()) {
          String here = request.header("Host").orElseThrow();
          answer = answer.with(name, value.get().replace(SharedRegistry.address(), here));
        }
      }
      return new Answer(answer.status(), answer.headers(), response.body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Answer.of(0);
    }
  }
}
