package io.tarkiln.registry.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.event.json.Json;
import io.tarkiln.registry.error.RegistryUnavailableException;
import io.tarkiln.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * Accounts from a Docker {@code config.json}: {@code auths}, {@code credHelpers} and {@code
 * credsStore}. It is read at every look-up, so that a mounted secret may change.
 *
 * @param folder with the file, as {@code DOCKER_CONFIG} names it
 */
public record DockerConfig(Path folder) {
  /** The folder that the settings name, else {@code ~/.docker}. */
  public static DockerConfig of(Settings settings) {
    return new DockerConfig(
        settings
            .get(Settings.DOCKER_CONFIG)
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".docker")));
  }

  /**
   * The account for a repository, if there is one. As docker does, a credential helper that is
   * named for the registry or for all goes before what stands in the file.
   *
   * @param registry host, perhaps with a port
   * @param repository path in the registry
   */
  public Optional<Credentials> of(String registry, String repository)
      throws RegistryUnavailableException {
    JsonNode config = read();
    RegistryKeys keys = new RegistryKeys(registry, repository);
    JsonNode helpers = config.path("credHelpers");
    Optional<String> own = keys.best(helpers.fieldNames()).map(key -> helpers.get(key).asText());
    String helper =
        own.filter(name -> !name.isEmpty()).orElse(config.path("credsStore").asText(""));
    if (!helper.isEmpty()) {
      Optional<Credentials> kept = CredentialHelper.named(helper).get(keys.serverName());
      if (kept.isPresent()) {
        return kept;
      }
    }
    JsonNode auths = config.path("auths");
    for (String key : keys.matching(auths.fieldNames())) {
      Credentials written = credentials(auths.get(key));
      if (!written.isEmpty()) {
        return Optional.of(written);
      }
    }
    return Optional.empty();
  }

  private JsonNode read() throws RegistryUnavailableException {
    Path file = folder.resolve("config.json");
    if (!Files.exists(file)) {
      return Json.mapper().createObjectNode();
    }
    try {
      return Json.mapper().readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException broken) {
      // Without its cause, which may quote a password.
      throw new RegistryUnavailableException("the Docker config %s is not JSON".formatted(file));
    } catch (IOException broken) {
      throw new RegistryUnavailableException("cannot read the Docker config " + file, broken);
    }
  }

  private Credentials credentials(JsonNode auth) throws RegistryUnavailableException {
    String user = auth.path("username").asText("");
    String password = auth.path("password").asText("");
    if (auth.path("auth").isTextual() && !auth.get("auth").asText().isEmpty()) {
      String pair = decoded(auth.get("auth").asText());
      int colon = pair.indexOf(':');
      user = colon < 0 ? pair : pair.substring(0, colon);
      password = colon < 0 ? "" : pair.substring(colon + 1).replaceFirst("\0+$", "");
    }
    return new Credentials(
        user,
        password,
        auth.path("identitytoken").asText(""),
        auth.path("registrytoken").asText(""));
  }

  private String decoded(String auth) throws RegistryUnavailableException {
    try {
      // Line ends in it are left out, as Go's decoder does: base64 without -w0 writes them.
      return new String(Base64.getDecoder().decode(auth.replaceAll("[\\r\\n]", "")), UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new RegistryUnavailableException(
          "an auth in the Docker config of %s is not base64".formatted(folder));
    }
  }
}
