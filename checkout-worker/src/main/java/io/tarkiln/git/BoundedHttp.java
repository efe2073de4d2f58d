package io.tarkiln.git;

import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.http.HttpAnswer;
import io.tarkiln.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/** Plain requests to hosts that are allowed, redirects included. */
public record BoundedHttp(GitAccess access, int redirects) {
  private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})$");

  /**
   * A request.
   *
   * @param headers sent to this host, and to no other that it may redirect to
   * @param body posted; where there is none, the request is a GET
   */
  public record Request(URI uri, Map<String, String> headers, Optional<byte[]> body) {
    String shown() {
      return uri.getScheme() == null
          ? PrintableText.of(uri.toString(), 200)
          : "%s://%s%s".formatted(uri.getScheme(), uri.getAuthority(), uri.getPath());
    }

    /** The host, whose name may have characters that {@link URI} does not know. */
    public String host() {
      return authority().replaceFirst(":[0-9]*$", "");
    }

    /** The port; negative for the usual one. */
    public int port() {
      Matcher port = PORT.matcher(authority());
      return port.find() ? Integer.parseInt(port.group(1)) : -1;
    }

    private String authority() {
      return Optional.ofNullable(uri.getRawAuthority()).orElse("").replaceFirst("^.*@", "");
    }
  }

  /** The body of a successful answer. Close it. */
  public InputStream open(Request request) throws RejectedException, UnavailableException {
    try {
      Request next = request;
      for (int hops = 0; hops <= redirects; hops++) {
        HttpAnswer answer = send(next);
        Optional<String> location = answer.header("Location");
        if (answer.status() / 100 != 3 || location.isEmpty()) {
          return body(next, answer);
        }
        answer.body().close();
        next = redirected(next, location.get());
      }
    } catch (IOException | IllegalArgumentException failed) {
      throw new UnavailableException(
          "cannot fetch %s: %s".formatted(request.shown(), failed.getMessage()), failed);
    }
    throw new RejectedException(
        Reason.LIMIT_EXCEEDED,
        "%s redirects more than the %d times of TARKILN_GIT_REDIRECTS"
            .formatted(request.shown(), redirects));
  }

  private static Request redirected(Request from, String location) {
    URI to = from.uri().resolve(location);
    boolean isSameHost =
        from.uri().getScheme().equals(to.getScheme())
            && from.uri().getAuthority().equals(to.getAuthority());
    return new Request(to, isSameHost ? from.headers() : Map.of(), from.body());
  }

  private HttpAnswer send(Request request)
      throws IOException, RejectedException, UnavailableException {
    URI uri = request.uri();
    String host = request.host();
    access.hosts().check(Optional.ofNullable(uri.getScheme()).orElse(""), host, request.shown());
    access.hosts().checkAddresses(host, request.shown());
    String method = request.body().isPresent() ? "POST" : "GET";
    HttpCall call = new HttpCall(method, uri, access.silence()).silence(access.silence());
    sockets(host).ifPresent(call::sockets);
    request.headers().forEach(call::header);
    return request.body().isPresent() ? call.send(request.body().get()) : call.send();
  }

  private Optional<SSLSocketFactory> sockets(String host) throws IOException, UnavailableException {
    Optional<TrustManager[]> trusted = access.tls().trusted();
    Optional<KeyManager[]> identity = access.tls().identity(host);
    if (trusted.isEmpty() && identity.isEmpty()) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(identity.orElse(null), trusted.orElse(null), null);
      return Optional.of(context.getSocketFactory());
    } catch (GeneralSecurityException broken) {
      throw new IOException("cannot use the certificates", broken);
    }
  }

  private static InputStream body(Request request, HttpAnswer answer)
      throws IOException, RejectedException, UnavailableException {
    int status = answer.status();
    if (status / 100 == 2) {
      return answer.body();
    }
    answer.body().close();
    String said = "%s answers %d".formatted(request.shown(), status);
    switch (status) {
      case 401, 403 ->
          throw new RejectedException(
              Reason.AUTHENTICATION_REFUSED, said + ": check TARKILN_GIT_CREDENTIALS");
      case 408, 425, 429 -> throw new UnavailableException(said);
      default -> {
        if (status / 100 == 5) {
          throw new UnavailableException(said);
        }
        throw new RejectedException(Reason.NO_SUCH_REVISION, said);
      }
    }
  }
}
