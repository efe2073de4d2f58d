package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarkiln.embedded.GoTools;
import io.tarkiln.embedded.RegistryServer;
import io.tarkiln.testkit.ScriptedServer.Answer;
import io.tarkiln.testkit.ScriptedServer.Seen;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A token service (distribution, token authentication specification), such as Harbor has one: it
 * grants what an account may do, and leaves out the rest without a word.
 */
public final class TokenService implements AutoCloseable {
  private static final String NAME = "token-service-of-the-tests";

  /** For how long distribution takes a token that has expired (its {@code Leeway}). */
  private static final Duration LEEWAY = Duration.ofSeconds(60);

  private final TokenSigner signer = new TokenSigner();
  private final BiPredicate<String, String> isGranted;
  private final String authorization;
  private final ScriptedServer server;
  private volatile Duration lifetime = Duration.ofMinutes(5);
  private volatile boolean isGenerous;
  private volatile boolean refusesStrangers;

  /**
   * Starts it.
   *
   * @param user of the only account that it knows; whoever has none may ask, too
   * @param isGranted whether an action on a repository is
   */
  public TokenService(String user, String password, BiPredicate<String, String> isGranted)
      throws GeneralSecurityException, IOException {
    this.isGranted = isGranted;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    this.server = new ScriptedServer(this::answer);
  }

  /** For how long the registry takes the tokens that are given from now on. */
  public void live(Duration time) {
    lifetime = time;
  }

  /** Gives, from now on, tokens for more than was asked for. */
  public void beGenerous() {
    isGenerous = true;
  }

  /** Grants nothing, from now on, to whoever asks without an account. */
  public void refuseStrangers() {
    refusesStrangers = true;
  }

  /** Starts a registry that asks for its tokens. */
  public RegistryServer registry(Path folder, String host) throws IOException {
    return RegistryServer.start(
        GoTools.provide("registry"),
        Files.createDirectories(folder),
        host,
        0,
        RegistryServer.Options.with(variables(folder)));
  }

  /** What a registry has to be told, as variables; its keys are written to the folder. */
  private Map<String, String> variables(Path folder) throws IOException {
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
  public List<Seen> seen() {
    return server.seen();
  }

  /** The scopes of a request. */
  public static List<String> scopes(Seen request) {
    return values(request, "scope");
  }

  /** The values of a parameter in a request's query. */
  public static List<String> values(Seen request, String name) {
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
    List<String> access = new ArrayList<>();
    for (String scope : scopes(request)) {
      String[] parts = scope.split(":");
      access.add(
          entry(
              parts[0],
              parts[1],
              Stream.of(parts[2].split(","))
                  .filter(each -> !(isAnonymous && refusesStrangers))
                  .filter(each -> isGranted.test(parts[1], each))));
    }
    if (isGenerous) {
      access.add(entry("registry", "catalog", Stream.of("*")));
    }
    Duration time = lifetime;
    return Answer.of(200)
        .saying(
            "{\"token\":\"%s\",\"expires_in\":%d}"
                .formatted(token(String.join(",", access), time), time.toSeconds()));
  }

  private static String entry(String type, String name, Stream<String> actions) {
    return "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[%s]}"
        .formatted(
            type, name, actions.map(each -> "\"" + each + "\"").collect(Collectors.joining(",")));
  }

  private String token(String access, Duration time) {
    long now = Instant.now().getEpochSecond();
    long end = now + time.toSeconds() - LEEWAY.toSeconds();
    return signer.sign(
        """
        {"iss":"%s","sub":"whoever","aud":"%s","iat":%d,"nbf":%d,"exp":%d,"jti":"%s","access":[%s]}\
        """
            .formatted(NAME, NAME, now, Math.min(now, end) - 10, end, UUID.randomUUID(), access));
  }

  @Override
  public void close() {
    server.close();
  }
}
