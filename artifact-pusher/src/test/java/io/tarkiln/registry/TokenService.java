package io.tarkiln.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.event.json.Json;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.testkit.ScriptedServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import io.tarkiln.testkit.TokenSigner;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * A token service (distribution, token authentication specification), such as Harbor has one: it
 * grants what an account may do, and leaves out the rest without a word.
 */
final class TokenService implements AutoCloseable {
  private static final String NAME = "token-service-of-the-tests";

  private final TokenSigner signer = new TokenSigner();
  private final BiPredicate<String, String> isGranted;
  private final String authorization;
  private final ScriptedServer server;

  /**
   * Starts it.
   *
   * @param account the only one that it knows
   * @param isGranted whether an action on a repository is
   */
  TokenService(Credentials account, BiPredicate<String, String> isGranted)
      throws GeneralSecurityException, IOException {
    this.isGranted = isGranted;
    this.authorization = account.basic().orElseThrow();
    this.server = new ScriptedServer(this::answer);
  }

  /** What a registry has to be told, as variables; its keys are written to the folder. */
  Map<String, String> variables(Path folder) throws IOException {
    Path jwks = Files.writeString(folder.resolve("jwks.json"), signer.keySet());
    return Map.of(
        "REGISTRY_AUTH",
        "token",
        "REGISTRY_AUTH_TOKEN_REALM",
        "http://" + server.address() + "/service/token",
        "REGISTRY_AUTH_TOKEN_SERVICE",
        NAME,
        "REGISTRY_AUTH_TOKEN_ISSUER",
        NAME,
        "REGISTRY_AUTH_TOKEN_JWKS",
        jwks.toString());
  }

  /** The requests that came, in order. */
  List<Seen> seen() {
    return server.seen();
  }

  /** The scopes of a request. */
  static List<String> scopes(Seen request) {
    return values(request, "scope");
  }

  /** The values of a parameter in a request's query. */
  static List<String> values(Seen request, String name) {
    return Stream.of(request.uri().replaceFirst("^[^?]*\\??", "").split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
        .toList();
  }

  private Answer answer(Seen request) {
    boolean isAnonymous = request.header("Authorization").isEmpty();
    if (!isAnonymous && !request.header("Authorization").orElseThrow().equals(authorization)) {
      return Answer.of(401);
    }
    List<Map<String, Object>> access = new ArrayList<>();
    for (String scope : scopes(request)) {
      String[] parts = scope.split(":");
      List<String> actions =
          Stream.of(parts[2].split(",")).filter(a -> isGranted.test(parts[1], a)).toList();
      access.add(Map.of("type", "repository", "name", parts[1], "actions", actions));
    }
    return Answer.of(200).saying("{\"token\":\"%s\",\"expires_in\":300}".formatted(token(access)));
  }

  private String token(List<Map<String, Object>> access) {
    long now = Instant.now().getEpochSecond();
    return signer.sign(
        new String(
            Json.bytes(
                Map.of(
                    "iss",
                    NAME,
                    "sub",
                    "whoever",
                    "aud",
                    NAME,
                    "iat",
                    now,
                    "nbf",
                    now - 10,
                    "exp",
                    now + 300,
                    "jti",
                    UUID.randomUUID().toString(),
                    "access",
                    access)),
            UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
