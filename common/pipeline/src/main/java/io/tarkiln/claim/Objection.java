package io.tarkiln.claim;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.PrintableText;
import java.util.Locale;

/**
 * Why an event is not believed. Its record goes to the dead letters, and the build that it names is
 * left alone: whoever forges an event must not end what it is forged of.
 *
 * @param message one sentence a person can act on
 */
public record Objection(Code code, String message) {
  public Objection {
    NameSyntax.present("code", code);
    NameSyntax.text("message", message);
  }

  /** For machines, at the begin of a dead letter's reason. */
  public enum Code {
    /** Another request with this id came first. */
    DUPLICATE_BUILD_ID,
    /** The id tells of a time that is yet to come. */
    BUILD_ID_AHEAD,
    /** The id is so old that what is known of its build may have been deleted. */
    BUILD_ID_TOO_OLD,
    /** Nothing was checked out for a build of this id. */
    UNKNOWN_BUILD,
    /** It names an object in S3 that is not this build's and service's own. */
    FOREIGN_KEY,
    /** It says otherwise than the request, or than the commit that this meant. */
    NOT_AS_REQUESTED,
    /** It tells of what has not come to be. */
    NOT_YET_TRUE;

    /** The code as dead letters carry it: lower case with dashes. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The reason of the dead letter: code and sentence. */
  public String reason() {
    return code.wire() + ": " + message;
  }

  /** That an event has another value than what was pinned. */
  public static Objection notAsRequested(
      String field, Object build, Object pinned, Object claimed) {
    return new Objection(
        Code.NOT_AS_REQUESTED,
        "%s of build %s is %s and not %s: somebody else than a service of Tarkiln may write this topic"
            .formatted(field, build, shown(pinned), shown(claimed)));
  }

  /** That an event names another object than its own. */
  public static Objection foreignKey(String field, Object build, String own, String claimed) {
    return new Objection(
        Code.FOREIGN_KEY,
        "%s '%s' is not of build %s, whose is '%s': somebody else than a service of Tarkiln may write this topic"
            .formatted(field, shown(claimed), build, own));
  }

  private static String shown(Object value) {
    return PrintableText.of(String.valueOf(value), 200);
  }
}
