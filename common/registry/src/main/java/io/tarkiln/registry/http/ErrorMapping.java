package io.tarkiln.registry.http;

import io.tarkiln.image.ImageReference;
import io.tarkiln.registry.credentials.Credentials;
import io.tarkiln.registry.error.Refusal;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.registry.error.RegistryRefusedException;
import io.tarkiln.registry.error.RegistryUnavailableException;
import java.util.Optional;

/**
 * Turns a registry's refusals into exceptions, with its own words in them and with what to do.
 *
 * <p>What is known of Harbor is from its sources, {@code src/server/middleware} (immutable, quota,
 * repoproxy, v2auth, vulnerable), and its documentation of tag immutability, project quotas and
 * proxy caches.
 */
public final class ErrorMapping {
  private ErrorMapping() {}

  /** The answer, unless it is one after which nothing can go on. */
  public static RegistryAnswer checked(RegistryAnswer response, String method, ImageReference image)
      throws RegistryException {
    int status = response.statusCode();
    ErrorBody said = ErrorBody.of(response);
    if (status == 401) {
      throw unauthorized(response, said, image);
    } else if (isImmutable(status, method, said)) {
      throw new RegistryRefusedException(
          Refusal.TAG_IMMUTABLE,
          status,
          said.code(),
          "%s keeps the tags of %s as they are%s: choose a new tag"
              .formatted(image.registry(), image.repository(), said));
    } else if (status == 403) {
      throw denied(said, "denies %s of".formatted(method), image, adviceIfDenied(said, image));
    } else if (status == 405) {
      throw denied(
          said,
          "takes no %s of".formatted(method),
          image,
          "it is read only or a cache of another registry, so push to another one");
    } else if (status == 412) {
      throw denied(
          said,
          "has a policy against %s of".formatted(method),
          image,
          "mend what the policy is about, or have it changed");
    } else if (RequestRetry.isPassing(response)) {
      throw new RegistryUnavailableException(
          "%s answered %d to %s of %s%s"
              .formatted(image.registry(), status, method, image.repository(), said));
    }
    return response;
  }

  private static RegistryRefusedException denied(
      ErrorBody said, String does, ImageReference image, String advice) {
    return new RegistryRefusedException(
        Refusal.DENIED,
        said.status(),
        said.code(),
        "%s %s %s%s: %s".formatted(image.registry(), does, image.repository(), said, advice));
  }

  /** Harbor says DENIED with 403 to much that has nothing to do with the account. */
  private static String adviceIfDenied(ErrorBody said, ImageReference image) {
    if (said.speaksOf("upper limit") || said.speaksOf("quota")) {
      return "the quota of project '%s' is used up, delete images there or raise it"
          .formatted(project(image));
    }
    if (said.speaksOf("proxy project")) {
      return "'%s' is a proxy project, which takes no pushes: push to a project of your own"
          .formatted(project(image));
    }
    return "check the account's rights, the project and its quota";
  }

  /**
   * The account is not accepted, or it is and has no right to this: a token service grants what it
   * may and leaves out the rest, so that the registry refuses (distribution, token authentication).
   * Harbor does so for projects that do not exist, too.
   */
  private static RegistryRefusedException unauthorized(
      RegistryAnswer response, ErrorBody said, ImageReference image) {
    boolean isKnown =
        said.speaksOf("unauthorized to access repository")
            || response.headers().allValues("WWW-Authenticate").stream()
                .anyMatch(challenge -> challenge.contains("insufficient_scope"));
    return isKnown
        ? denied(
            said,
            "does not let this account push to",
            image,
            "give it the right to, or create the project '%s' first".formatted(project(image)))
        : new RegistryRefusedException(
            Refusal.UNAUTHORIZED,
            said.status(),
            said.code(),
            "%s does not accept the account for %s%s: check DOCKER_CONFIG"
                .formatted(image.registry(), image.repository(), said));
  }

  /** Harbor answers 412 for an immutable tag, and also for images with known weaknesses. */
  private static boolean isImmutable(int status, String method, ErrorBody said) {
    return said.speaksOf("immutable")
        || (status == 412 && method.equals("PUT") && !said.code().equals("PROJECTPOLICYVIOLATION"));
  }

  private static String project(ImageReference image) {
    return image.repository().replaceFirst("/.*", "");
  }

  public static RegistryRefusedException refusedAccount(
      ImageReference image, Optional<Credentials> account) {
    return new RegistryRefusedException(
        Refusal.UNAUTHORIZED,
        401,
        "",
        account.isPresent()
            ? "%s does not accept the account '%s': check DOCKER_CONFIG"
                .formatted(image.registry(), account.get().user())
            : "%s wants an account and none is known: put one into DOCKER_CONFIG's config.json"
                .formatted(image.registry()));
  }

  /** An answer with which the thing asked for did not happen. */
  public static RegistryRefusedException unexpected(
      RegistryAnswer response, String what, ImageReference image) {
    ErrorBody said = ErrorBody.of(response);
    return new RegistryRefusedException(
        Refusal.DENIED,
        said.status(),
        said.code(),
        "%s answered %d to %s in %s%s%s"
            .formatted(
                image.registry(),
                response.statusCode(),
                what,
                image.repository(),
                said,
                response.statusCode() == 404 ? ": create the project or repository first" : ""));
  }
}
