package io.tarkiln.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;

/** Turns a registry's refusals into outcomes, with its own words in them. */
final class Answers {
  private static final int LONGEST_QUOTE = 300;

  private Answers() {}

  /** The answer, unless it is one after which nothing can go on. */
  static HttpResponse<byte[]> checked(
      HttpResponse<byte[]> response, String method, ImageReference image)
      throws RejectedException, UnavailableException {
    int status = response.statusCode();
    String said = said(response);
    if (status == 401) {
      throw new RejectedException(
          Reason.AUTHENTICATION_REFUSED,
          "%s does not accept the account for %s%s: check DOCKER_CONFIG"
              .formatted(image.registry(), image.repository(), said));
    } else if (status == 403) {
      throw new RejectedException(
          Reason.REGISTRY_DENIED,
          "%s denies %s of %s%s: check the account's rights, the project and its quota"
              .formatted(image.registry(), method, image.repository(), said));
    } else if (isImmutable(status, method, said)) {
      throw new RejectedException(
          Reason.TAG_IMMUTABLE,
          "%s keeps the tags of %s as they are%s: choose a new tag"
              .formatted(image.registry(), image.repository(), said));
    } else if (status == 412) {
      throw new RejectedException(
          Reason.REGISTRY_DENIED,
          "%s has a policy against %s of %s%s"
              .formatted(image.registry(), method, image.repository(), said));
    } else if (status == 429 || status >= 500) {
      throw new UnavailableException(
          "%s answered %d to %s of %s%s"
              .formatted(image.registry(), status, method, image.repository(), said));
    }
    return response;
  }

  /** Harbor answers 412 for an immutable tag, and also for images with known weaknesses. */
  private static boolean isImmutable(int status, String method, String said) {
    return said.toLowerCase(Locale.ROOT).contains("immutable")
        || (status == 412 && method.equals("PUT") && !said.contains("PROJECTPOLICYVIOLATION"));
  }

  static RejectedException refusedAccount(ImageReference image, Optional<Credentials> account) {
    return new RejectedException(
        Reason.AUTHENTICATION_REFUSED,
        account.isPresent()
            ? "%s does not accept the account '%s': check DOCKER_CONFIG"
                .formatted(image.registry(), account.get().user())
            : "%s wants an account and none is known: put one into DOCKER_CONFIG's config.json"
                .formatted(image.registry()));
  }

  /** An answer with which the thing asked for did not happen. */
  static RejectedException unexpected(
      HttpResponse<byte[]> response, String what, ImageReference image) {
    return new RejectedException(
        Reason.REGISTRY_DENIED,
        "%s answered %d to %s in %s%s%s"
            .formatted(
                image.registry(),
                response.statusCode(),
                what,
                image.repository(),
                said(response),
                response.statusCode() == 404 ? ": create the project or repository first" : ""));
  }

  /** The first error's code and message, in brackets, or nothing. */
  private static String said(HttpResponse<byte[]> response) {
    if (response.statusCode() < 400 || response.body().length == 0) {
      return "";
    }
    try {
      JsonNode error = Json.mapper().readTree(response.body()).path("errors").path(0);
      String text =
          (error.path("code").asText("") + " " + error.path("message").asText(""))
              .strip()
              .replaceAll("\\p{Cntrl}", " ");
      return text.isEmpty()
          ? ""
          : " (" + text.substring(0, Math.min(text.length(), LONGEST_QUOTE)) + ")";
    } catch (IOException noJson) {
      return "";
    }
  }
}
