package io.tarkiln.registry;

import io.tarkiln.build.BuildException;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upload sessions: where to send a blob's bytes. */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private Sessions() {}

  /** Begins one. */
  static URI begin(RegistryConnection registry) throws RejectedException, UnavailableException {
    return location(
        registry,
        registry.send(Ask.of("POST", registry.uri("blobs/uploads/"))),
        "the beginning of an upload");
  }

  /** Where a session that an answer speaks of goes on. */
  static URI location(RegistryConnection registry, HttpResponse<byte[]> response, String what)
      throws RejectedException, UnavailableException {
    Optional<String> location = response.headers().firstValue("Location");
    if (response.statusCode() != 202 || location.isEmpty()) {
      throw Answers.unexpected(response, what, registry.image());
    }
    return registry.resolve(location.get());
  }

  /** The address that ends the session. */
  static URI last(URI session, String digest) {
    String join = session.getRawQuery() == null ? "?" : "&";
    return URI.create(session + join + "digest=" + digest);
  }

  /** Lets the registry forget what it has of a session; if it does not, it will some day. */
  static void cancel(RegistryConnection registry, URI session) {
    try {
      registry.answer(Ask.of("DELETE", session));
    } catch (BuildException left) {
      LOG.debug(
          "an upload session is left image={} message={}", registry.image(), left.getMessage());
    }
  }
}
