package io.tarkiln.registry.http;

import io.tarkiln.http.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;

/** A registry's answer, read as a whole: all that we read is small. */
public record RegistryAnswer(int statusCode, HttpHeaders headers, byte[] body) {
  static RegistryAnswer read(HttpAnswer answer) throws IOException {
    try (InputStream in = answer.body()) {
      byte[] body = in.readNBytes(BoundedBody.MAX_BYTES + 1);
      if (body.length > BoundedBody.MAX_BYTES) {
        throw BoundedBody.tooLarge();
      }
      return new RegistryAnswer(answer.status(), answer.headers(), body);
    }
  }
}
