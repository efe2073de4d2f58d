package io.tarkiln.git.lfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.git.BoundedHttp;
import io.tarkiln.git.GitAccess;
import io.tarkiln.git.host.GitAddress;
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

/**
 * Asks a repository's Git LFS server where its files are (git-lfs: Batch API, Server Discovery).
 * Addresses that the repository's own {@code .lfsconfig} names are not followed.
 */
record LfsServer(GitAccess access, BoundedHttp http) {
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
      try (InputStream answer = http.open(batch)) {
        return downloads(address, endpoint, JSON.readTree(answer.readNBytes(MAX_ANSWER)));
      }
    } catch (JsonProcessingException noAnswer) {
      throw new UnavailableException(
          "the LFS server of %s does not answer in JSON".formatted(address), noAnswer);
    } catch (IOException | IllegalArgumentException failed) {
      throw new UnavailableException(
          "cannot ask the LFS server of %s: %s".formatted(address, failed.getMessage()), failed);
    }
  }

  private static Map<String, BoundedHttp.Request> downloads(
      GitAddress address, BoundedHttp.Request endpoint, JsonNode answer) throws RejectedException {
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
      URI href = URI.create(action.path("href").asText());
      Map<String, String> headers = headers(action);
      if (headers.isEmpty() && isSameHost(href, endpoint.uri())) {
        headers = endpoint.headers();
      }
      downloads.put(oid, new BoundedHttp.Request(href, headers, Optional.empty()));
    }
    return downloads;
  }

  private static boolean isSameHost(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getAuthority().equals(other.getAuthority());
  }

  private static Map<String, String> headers(JsonNode node) {
    Map<String, String> headers = new HashMap<>();
    node.path("header")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return headers;
  }

  private BoundedHttp.Request endpoint(GitAddress address) throws IOException {
    if (address.scheme().equals("ssh")) {
      return overSsh(address);
    }
    URI uri = URI.create(address.text().replaceFirst("/+$", "").replaceFirst("^git:", "https:"));
    Map<String, String> headers = new HashMap<>();
    access
        .credentials()
        .of(uri.getScheme(), uri.getHost(), uri.getPort(), uri.getPath())
        .ifPresent(
            account -> {
              String pair = account.user() + ":" + account.password();
              headers.put(
                  "Authorization",
                  "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
            });
    String base = uri.toString();
    return new BoundedHttp.Request(
        URI.create((base.endsWith(".git") ? base : base + ".git") + "/info/lfs"),
        headers,
        Optional.empty());
  }

  /** A git host tells over ssh where its LFS server is, and how to get in for a while. */
  private BoundedHttp.Request overSsh(GitAddress address) throws IOException {
    int seconds = Math.toIntExact(access.silence().toSeconds());
    String path = address.uri().getPath().replaceFirst("^/~", "~");
    try (SshdSessionFactory factory = access.ssh(address)) {
      RemoteSession session = factory.getSession(address.uri(), null, FS.DETECTED, seconds * 1000);
      Process process =
          session.exec(
              "git-lfs-authenticate '%s' download".formatted(path.replace("'", "")), seconds);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      try (InputStream out = process.getInputStream()) {
        said.write(out.readNBytes(1 << 16));
      } finally {
        process.destroy();
        factory.releaseSession(session);
      }
      JsonNode answer = JSON.readTree(said.toByteArray());
      if (answer.path("href").asText().isEmpty()) {
        throw new IOException("its git-lfs-authenticate names no address");
      }
      return new BoundedHttp.Request(
          URI.create(answer.path("href").asText().replaceFirst("/+$", "")),
          headers(answer),
          Optional.empty());
    }
  }
}
