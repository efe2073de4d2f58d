package io.tarkiln.registry.http;

import io.tarkiln.registry.blob.BlobBody;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A request that can be sent again.
 *
 * @param headers names and values in turn
 * @param bytes the body, unless that is a part of a blob
 * @param blob the part of a blob that is the body, if it is one
 */
public record RegistryRequest(
    String method, URI uri, List<String> headers, byte[] bytes, Optional<BlobBody> blob) {
  private static final byte[] NOTHING = {};

  public static RegistryRequest of(String method, URI uri, String... headers) {
    return new RegistryRequest(method, uri, List.of(headers), NOTHING, Optional.empty());
  }

  /** With one more header. */
  public RegistryRequest and(String name, String value) {
    List<String> more = new ArrayList<>(headers);
    more.addAll(List.of(name, value));
    return new RegistryRequest(method, uri, more, bytes, blob);
  }

  public RegistryRequest with(byte[] body) {
    return new RegistryRequest(method, uri, headers, body, Optional.empty());
  }

  public RegistryRequest with(BlobBody part) {
    return new RegistryRequest(method, uri, headers, NOTHING, Optional.of(part));
  }

  /** Whether the body may be larger than memory. */
  boolean isStreamed() {
    return blob.isPresent() && blob.get().length() > 0;
  }

  /** Bytes of the blob that went out so far: while they grow, nobody loses patience. */
  long moved() {
    return blob.map(BlobBody::moved).orElse(0L);
  }

  /** The body for the newer client, made anew for every sending. */
  BodyPublisher publisher() {
    if (isStreamed()) {
      return blob.get().publisher();
    }
    return bytes.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
  }

  void eachHeader(BiConsumer<String, String> use) {
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      use.accept(headers.get(i), headers.get(i + 1));
    }
  }
}
