package io.tarkiln.registry.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.event.json.Json;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that keeps accounts, {@code docker-credential-<name>} on the path (protocol of
 * docker-credential-helpers).
 *
 * @param program to run
 */
record CredentialHelper(String name, String program) {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialHelper.class);
  private static final long TIMEOUT_SECONDS = 30;

  /** The helper that a Docker config names. */
  static CredentialHelper named(String name) throws RegistryUnavailableException {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw new RegistryUnavailableException("a credential helper's name has odd characters in it");
    }
    return new CredentialHelper(name, "docker-credential-" + name);
  }

  /** The account for a registry's host, if the program has one. */
  Optional<Credentials> get(String registry) throws RegistryUnavailableException {
    try {
      Process process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      // Ends the reading below too, should the program hang.
      process
          .onExit()
          .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .exceptionally(slow -> process.destroyForcibly());
      send(process, registry);
      byte[] answer = process.getInputStream().readAllBytes();
      return process.waitFor() == 0 ? Optional.of(read(answer)) : Optional.empty();
    } catch (IOException failed) {
      throw new RegistryUnavailableException(
          "cannot run the credential helper docker-credential-" + name, failed);
    } catch (InterruptedException interrupted) {
      throw RegistryUnavailableException.interrupted(interrupted);
    }
  }

  private static void send(Process process, String registry) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(registry.getBytes(UTF_8));
    } catch (IOException unread) {
      LOG.debug("a credential helper ended without reading registry={}", registry); // may be fine
    }
  }

  private Credentials read(byte[] answer) throws IOException, RegistryUnavailableException {
    try {
      JsonNode account = Json.mapper().readTree(answer);
      String user = account.path("Username").asText("");
      String secret = account.path("Secret").asText("");
      return user.equals("<token>")
          ? new Credentials("", "", secret)
          : new Credentials(user, secret, "");
    } catch (JsonProcessingException broken) {
      // Without its cause, which may quote the secret.
      throw new RegistryUnavailableException(
          "the credential helper docker-credential-%s did not answer with JSON".formatted(name));
    }
  }
}
