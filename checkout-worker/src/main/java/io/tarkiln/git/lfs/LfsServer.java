package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.BoundedHttp;
import io.tarkiln.git.FetchGuard;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.host.GitAddress;
import io.tarkiln.git.host.GitSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.io.InterruptTimer;
import org.eclipse.jgit.util.io.TimeoutInputStream;

/**
 * Asks a repository's Git LFS server where its files are (git-lfs: Batch API, Server Discovery).
 * Addresses that the repository's own {@code .lfsconfig} names are not followed.
 */
record LfsServer(GitAccess access, BoundedHttp http, GitSettings.Limits limits) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final int MAX_ANSWER = 16 << 20;

  /** The requests that download these files, by oid. */
  Map<String, BoundedHttp.Request> downloads(GitAddress address, List<LfsPointer> pointers)
      throws RejectedException, UnavailableException {
    Map<String, Object> ask =
        Map.of(
            "operation",
            "download",
            "transfers",
            List.of("basic"),
            "objects",
            pointers.stream().map(p -> Map.of("oid", p.oid(), "size", p.size())).toList());
    try {
      BoundedHttp.Request endpoint = endpoint(address);
      Map<String, String> headers = new HashMap<>(endpoint.headers());
      headers.put("Accept", TYPE);
      headers.put("Content-Type", TYPE);
      BoundedHttp.Request batch =
          new BoundedHttp.Request(
              URI.create(endpoint.uri() + "/objects/batch"),
              headers,
              Optional.of(JSON.writeValueAsBytes(ask)));
      try (InputStream answer = new FetchGuard(limits).bounded(http.open(batch))) {
        return downloads(address, endpoint, JSON.readTree(answer.readNBytes(MAX_ANSWER)));
      }
    } catch (FetchGuard.TooMuchException tooMuch) {
      throw new RejectedException(
          Reason.LIMIT_EXCEEDED, "LFS of %s: %s".formatted(address, tooMuch.getMessage()), tooMuch);
    } catch (JsonProcessingException noAnswer) {
      throw new UnavailableException(
          "the LFS server of %s does not answer in JSON".formatted(address), noAnswer);
    } catch (IOException | IllegalArgumentException failed) {
      throw new UnavailableException(
          "cannot ask the LFS server of %s: %s".formatted(address, failed.getMessage()), failed);
    }
  }

  private Map<String, BoundedHttp.Request> downloads(
      GitAddress address, BoundedHttp.Request endpoint, JsonNode answer)
      throws IOException, RejectedException {
    Map<String, BoundedHttp.Request> downloads = new HashMap<>();
    for (JsonNode each : answer.path("objects")) {
      String oid = each.path("oid").asText();
      JsonNode action = each.path("actions").path("download");
      if (action.isMissingNode()) {
        throw new RejectedException(
            Reason.NO_SUCH_REVISION,
            "the LFS server of %s does not give out %s: %s"
                .formatted(
                    address,
                    oid,
                    each.path("error").path("message").asText("no download offered")));
      }
      URI href = uri(address, action.path("href").asText());
      Map<String, String> headers = headers(action);
      if (!isAuthorized(headers) && !each.path("authenticated").asBoolean()) {
        addAccount(headers, href, endpoint);
      }
      downloads.put(oid, new BoundedHttp.Request(href, headers, Optional.empty()));
    }
    return downloads;
  }

  /** Who we are at an address that brought nothing along that would say so. */
  private void addAccount(Map<String, String> headers, URI href, BoundedHttp.Request endpoint)
      throws IOException {
    if (href.getScheme().equals(endpoint.uri().getScheme())
        && href.getAuthority().equals(endpoint.uri().getAuthority())) {
      endpoint.headers().forEach(headers::putIfAbsent);
    }
    if (!isAuthorized(headers)) {
      headers.putAll(account(href));
    }
  }

  private static boolean isAuthorized(Map<String, String> headers) {
    return headers.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
  }

  private Map<String, String> account(URI uri) throws IOException {
    BoundedHttp.Request request = new BoundedHttp.Request(uri, Map.of(), Optional.empty());
    String path = Optional.ofNullable(uri.getPath()).orElse("");
    return access
        .credentials()
        .of(uri.getScheme(), request.host(), request.port(), path)
        .map(account -> account.user() + ":" + account.password())
        .map(pair -> Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
        .map(encoded -> Map.of("Authorization", "Basic " + encoded))
        .orElse(Map.of());
  }

  /** Reads an address that the server names, which must be a whole one. */
  private static URI uri(GitAddress address, String text) throws RejectedException {
    try {
      URI uri = URI.create(text);
      if (uri.getScheme() != null && uri.getRawAuthority() != null) {
        return uri;
      }
    } catch (IllegalArgumentException none) {
      // It is said below.
    }
    throw new RejectedException(
        Reason.NO_SUCH_REVISION,
        "the LFS server of %s names '%s' as an address, which is no whole one"
            .formatted(address, PrintableText.of(text, 200)));
  }

  private static Map<String, String> headers(JsonNode node) {
    Map<String, String> headers = new HashMap<>();
    node.path("header")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return headers;
  }

  private BoundedHttp.Request endpoint(GitAddress address) throws IOException, RejectedException {
    if (address.scheme().equals("ssh")) {
      return overSsh(address);
    }
    URI uri = URI.create(address.text().replaceFirst("/+$", "").replaceFirst("^git:", "https:"));
    String base = uri.toString();
    return new BoundedHttp.Request(
        URI.create((base.endsWith(".git") ? base : base + ".git") + "/info/lfs"),
        account(uri),
        Optional.empty());
  }

  /** A git host tells over ssh where its LFS server is, and how to get in for a while. */
  private BoundedHttp.Request overSsh(GitAddress address) throws IOException, RejectedException {
    int seconds = Math.toIntExact(access.silence().toSeconds());
    String path = address.uri().getPath().replaceFirst("^/~", "~");
    InterruptTimer timer = new InterruptTimer("tarkiln-lfs-authenticate");
    try (SshdSessionFactory factory = access.ssh(address)) {
      RemoteSession session = factory.getSession(address.uri(), null, FS.DETECTED, seconds * 1000);
      Process process =
          session.exec(
              "git-lfs-authenticate '%s' download".formatted(path.replace("'", "")), seconds);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try (TimeoutInputStream out = new TimeoutInputStream(process.getInputStream(), timer)) {
        out.setTimeout(seconds * 1000);
        said.write(new FetchGuard(limits).bounded(out).readNBytes(1 << 16));
      } finally {
        process.destroy();
        factory.releaseSession(session);
      }
      JsonNode answer = JSON.readTree(said.toByteArray());
      if (answer.path("href").asText().isEmpty()) {
        throw new IOException("its git-lfs-authenticate names no address");
      }
      return new BoundedHttp.Request(
          uri(address, answer.path("href").asText().replaceFirst("/+$", "")),
          headers(answer),
          Optional.empty());
    } finally {
      timer.terminate();
    }
  }
}
