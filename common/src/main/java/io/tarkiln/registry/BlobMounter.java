package io.tarkiln.registry;

import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import java.net.http.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a blob over from another repository of the same registry, without sending it. */
public record BlobMounter(RegistryConnection registry) {
  private static final Logger LOG = LoggerFactory.getLogger(BlobMounter.class);

  /** Tries to mount; that it is not allowed is no fault, for the blob can still be sent. */
  public Mount mount(String digest, String from) throws RejectedException, UnavailableException {
    HttpResponse<byte[]> response;
    try {
      response =
          registry.answer(
              Ask.of(
                  "POST", registry.uri("blobs/uploads/?mount=%s&from=%s".formatted(digest, from))));
    } catch (RejectedException refused) {
      LOG.debug("cannot mount from={} message={}", from, refused.getMessage());
      return new Mount.Refused();
    }
    int status = response.statusCode();
    if (status == 201) {
      return new Mount.Done();
    }
    if (status >= 400 && status < 500 && status != 429) {
      LOG.debug("cannot mount from={} status={}", from, status);
      return new Mount.Refused();
    }
    Answers.checked(response, "POST", registry.image());
    return new Mount.Session(Sessions.location(registry, response, "mounting a blob"));
  }
}
