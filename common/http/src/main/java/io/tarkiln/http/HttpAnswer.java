package io.tarkiln.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The answer to a request, whose body is still to be read.
 *
 * @param body fails where it ends before the length that was announced. Close it
 */
public record HttpAnswer(int status, HttpHeaders headers, InputStream body) {
  static HttpAnswer of(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("the answer is not HTTP");
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection.getHeaderFields().entrySet().stream()
        .filter(header -> header.getKey() != null) // the status line
        .forEach(header -> headers.put(header.getKey(), header.getValue()));
    Optional<InputStream> body =
        Optional.ofNullable(
            status >= 400 ? connection.getErrorStream() : connection.getInputStream());
    long length = connection.getContentLengthLong();
    boolean hasLength = length > 0 && !connection.getRequestMethod().equals("HEAD");
    return new HttpAnswer(
        status,
        HttpHeaders.of(headers, (name, value) -> true),
        body.map(in -> hasLength ? new LengthCheckedStream(in, length) : in)
            .orElseGet(InputStream::nullInputStream));
  }

  /** The first header of that name. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }
}
