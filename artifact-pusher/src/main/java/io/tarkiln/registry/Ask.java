package io.tarkiln.registry;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A request that can be sent again.
 *
 * @param headers names and values in turn
 * @param body makes the body anew for every sending
 * @param moved bytes of the body that went out so far: while they grow, nobody loses patience
 */
record Ask(
    String method,
    URI uri,
    List<String> headers,
    Supplier<BodyPublisher> body,
    LongSupplier moved) {
  static Ask of(String method, URI uri, String... headers) {
    return new Ask(method, uri, List.of(headers), BodyPublishers::noBody, () -> 0);
  }

  Ask with(byte[] bytes) {
    return new Ask(method, uri, headers, () -> BodyPublishers.ofByteArray(bytes), () -> 0);
  }

  Ask with(BlobBody blob) {
    return new Ask(method, uri, headers, blob::publisher, blob::moved);
  }
}
