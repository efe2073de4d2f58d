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
import java.util.List;
import java.util.Optional;

/**
 * Accounts from a Docker {@code config.json}: {@code auths}, {@code credHelpers} and {@code
 * credsStore}. It is read at every look-up, so that a mounted secret may change.
 *
 * @param file the {@code config.json}; empty where there is none
 */
public record DockerConfig(Optional<Path> file) {
  /** Without any account. */
  public static final DockerConfig NONE = new DockerConfig(Optional.empty());

  /** In a folder, as {@code DOCKER_CONFIG} names it. */
  public DockerConfig(Path folder) {
    this(Optional.of(folder.resolve("config.json")));
  }

  /** The folder that the settings name, else {@code ~/.docker}. */
  public static DockerConfig of(Settings settings) {
    return new DockerConfig(
        settings
            .get(Settings.DOCKER_CONFIG)
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".docker")));
  }

  /** The account for a registry's host, if there is one. */
  public Optional<Credentials> of(String registry) throws RegistryUnavailableException {
    Optional<Path> there = file.filter(Files::exists);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    JsonNode config;
    try {
      config = Json.mapper().readTree(Files.readAllBytes(there.get()));
    } catch (JsonProcessingException broken) {
      // Without its cause, which may quote a password.
      throw new RegistryUnavailableException(
          "the Docker config %s is not JSON".formatted(there.get()));
    } catch (IOException broken) {
      throw new RegistryUnavailableException(
          "cannot read the Docker config " + there.get(), broken);
    }
    JsonNode helper = config.path("credHelpers").path(registry);
    if (helper.isTextual()) {
      return CredentialHelper.named(helper.asText()).get(registry);
    }
    Optional<Credentials> written = written(config.path("auths"), registry);
    if (written.isPresent() || !config.path("credsStore").isTextual()) {
      return written;
    }
    return CredentialHelper.named(config.get("credsStore").asText()).get(registry);
  }

  private Optional<Credentials> written(JsonNode auths, String registry)
      throws RegistryUnavailableException {
    for (String key : keys(registry)) {
      JsonNode auth = auths.path(key);
      if (auth.isObject() && !auth.isEmpty()) {
        return Optional.of(credentials(auth));
      }
    }
    return Optional.empty();
  }

  /** The forms that docker login and others have written a registry's name in. */
  private static List<String> keys(String registry) {
    String url = "https://" + registry;
    return registry.equals("docker.io")
        ? List.of(registry, "https://index.docker.io/v1/", "index.docker.io")
        : List.of(registry, url, "http://" + registry, url + "/v1/", url + "/v2/", url + "/");
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
    return new Credentials(user, password, auth.path("identitytoken").asText(""));
  }

  private String decoded(String auth) throws RegistryUnavailableException {
    try {
      return new String(Base64.getDecoder().decode(auth), UTF_8);
    } catch (IllegalArgumentException broken) {
      throw new RegistryUnavailableException(
          "an auth in the Docker config %s is not base64"
              .formatted(file.map(Path::toString).orElse("")));
    }
  }
}
