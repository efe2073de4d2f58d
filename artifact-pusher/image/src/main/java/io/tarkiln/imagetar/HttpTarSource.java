package io.tarkiln.imagetar;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.http.HttpAnswer;
import io.tarkiln.http.HttpCall;
import io.tarkiln.retry.FailureStreak;
import io.tarkiln.retry.RetryPolicy;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/**
 * A tar behind an address that answers range requests, such as a signed one of S3. Needs few
 * classes, so a command starts quickly with it.
 *
 * @param name what to call it in messages: the address may hold a signature
 */
public record HttpTarSource(URI address, String name) implements TarSource {
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final RetryPolicy RETRIES = RetryPolicy.atOnce(3);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  @Override
  public End head(int length) throws RejectedException, UnavailableException {
    return end("0-" + (length - 1), length);
  }

  @Override
  public End tail(int length) throws RejectedException, UnavailableException {
    return end("-" + length, length); // RFC 9110, section 14.1.2: a suffix of that length
  }

  private End end(String range, int length) throws RejectedException, UnavailableException {
    try {
      HttpAnswer answer = ask(range);
      int status = answer.status();
      if (status == 404) {
        throw new RejectedException(Reason.BAD_IMAGE_TAR, "no image tar at " + name);
      }
      if (status == RANGE_NOT_SATISFIABLE) {
        return new End(new byte[0], 0); // it is empty
      }
      String of = answer.header("Content-Range").orElse("");
      if (status != PARTIAL || !of.matches("bytes [0-9]+-[0-9]+/[0-9]{1,18}")) {
        throw refused(status);
      }
      long size = Long.parseLong(of.substring(of.indexOf('/') + 1));
      try (InputStream in = answer.body()) {
        byte[] end = in.readNBytes(length);
        if (end.length < Math.min(length, size)) {
          throw new EOFException("only %d of %d bytes came".formatted(end.length, length));
        }
        return new End(end, size);
      }
    } catch (IOException broken) {
      throw unreadable(broken);
    }
  }

  @Override
  public InputStream open(long offset, long length) throws UnavailableException {
    return length == 0
        ? InputStream.nullInputStream()
        : new ResumingStream(this::openOnce, offset, length);
  }

  private InputStream openOnce(long offset, long length) throws UnavailableException {
    try {
      HttpAnswer answer = ask("%d-%d".formatted(offset, offset + length - 1));
      if (answer.status() != PARTIAL) {
        throw refused(answer.status());
      }
      return answer.body();
    } catch (IOException broken) {
      throw unreadable(broken);
    }
  }

  /** An answer, good or bad; trouble that may pass is tried again at once. */
  private HttpAnswer ask(String range) throws IOException {
    IOException broken = new IOException("it answers with errors");
    FailureStreak failures = RETRIES.begin();
    do {
      HttpCall call = new HttpCall("GET", address, CONNECT_TIMEOUT).silence(READ_TIMEOUT);
      try {
        HttpAnswer answer = call.header("Range", "bytes=" + range).send();
        if (answer.status() < 500) {
          return answer;
        }
      } catch (IOException cut) {
        broken = cut;
      }
    } while (failures.failed().isPresent());
    throw broken;
  }

  private UnavailableException refused(int status) {
    return new UnavailableException(
        "cannot read %s: it answered %d%s"
            .formatted(name, status, status == 403 ? ", so check the account" : ""));
  }

  private UnavailableException unreadable(IOException broken) {
    return new UnavailableException(
        "cannot read %s: %s".formatted(name, broken.getMessage()), broken);
  }
}
