package io.tarkiln.claim;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.json.Json;
import io.tarkiln.image.Digests;
import io.tarkiln.store.JsonObjects;
import io.tarkiln.store.ObjectKeys;
import io.tarkiln.store.ObjectStore;
import java.util.Optional;

/**
 * The request that a build is of, from its first reader on: {@code request.json}. An id stands for
 * one request, however often that is delivered.
 *
 * @param digest of what the request means: defaults filled in, paths normalized, fields in one
 *     order
 * @param request itself, as it was understood; empty where it breaks the grammar and is only to be
 *     refused
 */
public record RequestPin(String digest, Optional<BuildRequested> request) {
  public RequestPin {
    NameSyntax.digest("digest", NameSyntax.text("digest", digest));
    request = request == null ? Optional.empty() : request;
  }

  /** The pin of a request. */
  public static RequestPin of(BuildRequested request) {
    try {
      BuildRequested checked = request.checked();
      return new RequestPin(digest(checked), Optional.of(checked));
    } catch (RejectedException broken) {
      return new RequestPin(digest(request), Optional.empty());
    }
  }

  private static String digest(BuildRequested request) {
    return Digests.of(Json.canonicalBytes(request));
  }

  /** What was pinned before, if anything. */
  public static Optional<RequestPin> read(ObjectStore store, BuildId build)
      throws UnavailableException {
    return JsonObjects.read(store, ObjectKeys.request(build), RequestPin.class);
  }

  /**
   * Writes it unless another was faster.
   *
   * @return what stands
   */
  public RequestPin putIfAbsent(ObjectStore store, BuildId build) throws UnavailableException {
    store.writeOnceCheck().require();
    return JsonObjects.putIfAbsent(store, ObjectKeys.request(build), this, RequestPin.class);
  }

  /**
   * Whether both are of the same request. A later version may know more fields, whose defaults
   * change the digest but not what is meant.
   */
  public boolean isOfSame(RequestPin other) {
    return digest.equals(other.digest) || request.isPresent() && request.equals(other.request);
  }
}
