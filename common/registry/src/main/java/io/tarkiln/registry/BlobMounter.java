package io.tarkiln.registry;

import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.http.ErrorMapping;
import io.tarkiln.registry.http.RegistryAnswer;
import io.tarkiln.registry.http.RegistryRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a blob over from another repository of the same registry, without sending it. */
public record BlobMounter(RegistryConnection registry) {
  private static final Logger LOG = LoggerFactory.getLogger(BlobMounter.class);

  /** Tries to mount; that it is not allowed is no fault, for the blob can still be sent. */
  public MountResult mount(String digest, String from) throws RegistryException {
    RegistryAnswer response;
    try {
      response =
          registry.answer(
              RegistryRequest.of(
                  "POST", registry.uri("blobs/uploads/?mount=%s&from=%s".formatted(digest, from))));
    } catch (RegistryRefusedException refused) {
      LOG.debug("cannot mount from={} message={}", from, refused.getMessage());
      return new MountResult.Refused();
    }
    int status = response.statusCode();
    if (status == 201) {
      return new MountResult.Done();
    }
    if (status >= 400 && status < 500 && status != 429) {
      LOG.debug("cannot mount from={} status={}", from, status);
      return new MountResult.Refused();
    }
    ErrorMapping.checked(response, "POST", registry.image());
    return new MountResult.Session(UploadSessions.location(registry, response, "mounting a blob"));
  }
}
