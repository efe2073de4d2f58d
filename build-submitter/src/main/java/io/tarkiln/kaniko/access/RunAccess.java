package io.tarkiln.kaniko.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tarkiln.build.Reason;
import io.tarkiln.event.json.Json;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run may do at registries.
 *
 * @param logins by a registry's key in Docker's configuration, what stands there
 * @param lifetime for how long it is good; empty where it does not expire
 * @param pushesCache whether the run keeps layers; else it only takes those that are there
 * @param notes what the run's log says about it, a sentence each
 */
public record RunAccess(
    SortedMap<String, Login> logins,
    Optional<Duration> lifetime,
    boolean pushesCache,
    List<String> notes) {
  /** Whatever everybody may do. */
  public static final RunAccess NOTHING =
      new RunAccess(new TreeMap<>(), Optional.empty(), true, List.of());

  /**
   * One field of a login in Docker's configuration.
   *
   * @param field {@code registrytoken}, which Kaniko's registry library sends as it is, or {@code
   *     auth}
   */
  record Login(String field, String value) {
    /** Nothing secret. */
    @Override
    public String toString() {
      return "Login[" + field + "]";
    }
  }

  public RunAccess {
    logins = new TreeMap<>(logins);
    notes = List.copyOf(notes);
  }

  /** After how long to ask again. */
  public Optional<Duration> renewAfter() {
    return lifetime.map(whole -> whole.dividedBy(2));
  }

  /**
   * The end of a run that had this since then. Kaniko looks base images up at its beginning, and
   * reads one that a later stage begins with by the token of then. Where that expired meanwhile,
   * another go gets there sooner, as the layers before are in the cache.
   */
  public RunEnd orAgain(RunEnd end, KanikoRun run, Instant since) {
    boolean isRefused =
        end instanceof RunEnd.Failed failed && failed.reason() == Reason.AUTHENTICATION_REFUSED;
    boolean isExpired =
        lifetime.filter(life -> since.plus(life).isBefore(Instant.now())).isPresent();
    return isRefused && isExpired && pushesCache && run.cache()
        ? new RunEnd.Unavailable(
            "the registry token expired before the last base image of %s was read: let tokens live as long as builds take"
                .formatted(run.service()))
        : end;
  }

  /**
   * The files that the run finds in {@code /kaniko/.docker}, by name: {@code config.json} where
   * there is a login, {@code no-push-cache} where it keeps no layers, {@code notes} where there are
   * some.
   */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    if (!logins.isEmpty()) {
      ObjectNode auths = Json.mapper().createObjectNode();
      logins.forEach((key, login) -> auths.putObject(key).put(login.field(), login.value()));
      ObjectNode config = Json.mapper().createObjectNode();
      config.set("auths", auths);
      files.put("config.json", new String(Json.bytes(config), StandardCharsets.UTF_8));
    }
    if (!pushesCache) {
      files.put("no-push-cache", "");
    }
    if (!notes.isEmpty()) {
      files.put(
          "notes",
          notes.stream().map(note -> "[tarkiln] " + note + "\n").collect(Collectors.joining()));
    }
    return files;
  }
}
