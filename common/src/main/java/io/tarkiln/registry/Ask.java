package io.tarkiln.registry;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A request that can be sent again.
 *
 * @param headers names and values in turn
 * @param body makes the body anew for every sending
 * @param moved bytes of the body that went out so far: while they grow, nobody loses patience
 * @param blob of which the body is a part, if it is
 */
record Ask(
    String method,
    URI uri,
    List<String> headers,
    Supplier<BodyPublisher> body,
    LongSupplier moved,
    Optional<BlobBody> blob) {
  static Ask of(String method, URI uri, String... headers) {
    return new Ask(
        method, uri, List.of(headers), BodyPublishers::noBody, () -> 0, Optional.empty());
  }

  /** With one more header. */
  Ask and(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.addAll(List.of(name, value));
    return new Ask(method, uri, more, body, moved, blob);
  }

  Ask with(byte[] bytes) {
    return new Ask(
        method, uri, headers, () -> BodyPublishers.ofByteArray(bytes), () -> 0, Optional.empty());
  }

  Ask with(BlobBody part) {
    return new Ask(method, uri, headers, part::publisher, part::moved, Optional.of(part));
  }

  void eachHeader(BiConsumer<String, String> use) {
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      use.accept(headers.get(i), headers.get(i + 1));
    }
  }
}
