package io.tarkiln.registry.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.event.json.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a bearer token says that it is good for (distribution, token authentication, "access"): one
 * text for each action, such as {@code repository:shop/api:pull}.
 */
final class TokenGrants {
  private TokenGrants() {}

  /** Reads them; empty where the token is none that can be read. */
  static Optional<Set<String>> of(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode claims =
          Json.mapper().readTree(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8));
      JsonNode access = claims.path("access");
      return access.isArray() || access.isNull() ? Optional.of(actions(access)) : Optional.empty();
    } catch (IOException | IllegalArgumentException opaque) {
      return Optional.empty();
    }
  }

  private static Set<String> actions(JsonNode access) {
    Set<String> actions = new TreeSet<>();
    for (JsonNode entry : access) {
      for (JsonNode action : entry.path("actions")) {
        actions.add(
            "%s:%s:%s"
                .formatted(
                    entry.path("type").asText(), entry.path("name").asText(), action.asText()));
      }
    }
    return actions;
  }
}
