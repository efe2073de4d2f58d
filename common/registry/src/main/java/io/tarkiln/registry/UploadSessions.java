package io.tarkiln.registry;

import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryAnswer;
import io.tarkiln.registry.http.RegistryRequest;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upload sessions: where to send a blob's bytes, and what has come of them. */
final class UploadSessions {
  private static final Logger LOG = LoggerFactory.getLogger(UploadSessions.class);
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  /** A session, and how many of the blob's first bytes the registry has. */
  record Position(URI session, long at) {}

  private UploadSessions() {}

  /** Begins one. */
  static URI begin(RegistryConnection registry) throws RegistryException {
    RegistryAnswer response =
        registry.send(RegistryRequest.of("POST", registry.uri("blobs/uploads/")));
    return location(registry, response, "the beginning of an upload");
  }

  /** Where a session that an answer speaks of goes on. */
  static URI location(RegistryConnection registry, RegistryAnswer response, String what)
      throws RegistryException {
    Optional<String> location = response.headers().firstValue("Location");
    // The specification says 202; go-containerregistry's registry answers a PATCH with 204.
    boolean isTaken = response.statusCode() == 202 || response.statusCode() == 204;
    if (!isTaken || location.isEmpty()) {
      throw ErrorMapping.unexpected(response, what, registry.image());
    }
    return registry.resolve(location.get());
  }

  /**
   * Asks what has arrived in a session (OCI distribution specification, "resuming an upload").
   *
   * <p>Registries differ. Distribution 3 tells, whatever state the session's address is from.
   * Distribution 2.8, which Harbor runs too, gives a session up when it has other bytes than that
   * state says. Others do not know the question. Where nothing is told, sending begins anew.
   */
  static Optional<Position> find(RegistryConnection registry, URI session)
      throws RegistryException {
    RegistryAnswer response = registry.answer(RegistryRequest.of("GET", session));
    OptionalLong last = last(response);
    // A last byte of 0 is also what a session without any bytes answers with.
    if (response.statusCode() / 100 != 2 || last.isEmpty() || last.getAsLong() == 0) {
      return Optional.empty();
    }
    Optional<String> location = response.headers().firstValue("Location");
    URI next = location.isPresent() ? registry.resolve(location.get()) : session;
    return Optional.of(new Position(next, last.getAsLong() + 1));
  }

  /** The last byte that the registry says it has. */
  static OptionalLong last(RegistryAnswer response) {
    Matcher range = RANGE.matcher(response.headers().firstValue("Range").orElse(""));
    return range.matches() ? OptionalLong.of(Long.parseLong(range.group(1))) : OptionalLong.empty();
  }

  /** The address that ends the session. */
  static URI last(URI session, String digest) {
    String join = session.getRawQuery() == null ? "?" : "&";
    return URI.create(session + join + "digest=" + digest);
  }

  /** Lets the registry forget what it has of a session; if it does not, it will some day. */
  static void cancel(RegistryConnection registry, URI session) {
    try {
      registry.once(RegistryRequest.of("DELETE", session));
    } catch (RegistryException left) {
      LOG.debug(
          "an upload session is left image={} message={}", registry.image(), left.getMessage());
    }
  }
}
