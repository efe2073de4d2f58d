package io.tarkiln.build;

import java.util.regex.Pattern;

/**
 * What names, tags and paths may look like. Every method returns what it was given.
 *
 * <p>Names become parts of S3 keys, image references and Kubernetes names, so all of them keep to
 * the narrowest of those grammars.
 */
public final class NameSyntax {
  /** DNS-1123 label (RFC 1123, as Kubernetes restricts it). */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** Tag of the OCI distribution specification, version 1.1. */
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** What we write needs no other characters; S3 allows keys of 1024 bytes. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9](?!.*//)[A-Za-z0-9._/-]{0,1023}");

  private static final int MAX_PATH = 4096;

  private NameSyntax() {}

  /** Checks the name of a workload or service. */
  public static String name(String field, String value) {
    if (!NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not a name: use up to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit"
              .formatted(field, shown(value)));
    }
    return value;
  }

  /** Checks an image tag. */
  public static String tag(String field, String value) {
    if (!TAG.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not an image tag: use up to 128 letters, digits, dots, dashes and underscores, not beginning with a dot or dash"
              .formatted(field, shown(value)));
    }
    return value;
  }

  /** Checks a full git object id. */
  public static String objectId(String field, String value) {
    if (!OBJECT_ID.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not a git object id".formatted(field, shown(value)));
    }
    return value;
  }

  /** Checks the digest of a manifest or blob. */
  public static String digest(String field, String value) {
    if (!DIGEST.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not a digest: sha256: and 64 hexadecimal digits"
              .formatted(field, shown(value)));
    }
    return value;
  }

  /**
   * Checks a path inside the repository and returns it normalized: no {@code .} or empty parts,
   * {@code .} alone for the root.
   *
   * @throws IllegalArgumentException when it is absolute or leads out
   */
  public static String path(String field, String value) {
    if (value.length() > MAX_PATH || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "%s is not a path: at most %d characters and no NUL".formatted(field, MAX_PATH));
    }
    if (value.startsWith("/") || value.indexOf('\\') >= 0) {
      throw new IllegalArgumentException(
          "%s '%s' must be a path relative to the repository's root, with forward slashes"
              .formatted(field, shown(value)));
    }
    StringBuilder normal = new StringBuilder();
    for (String part : value.split("/")) {
      if (part.equals("..")) {
        throw new IllegalArgumentException(
            "%s '%s' must not contain '..': write the path from the repository's root"
                .formatted(field, shown(value)));
      }
      if (!part.isEmpty() && !part.equals(".")) {
        normal.append(normal.isEmpty() ? "" : "/").append(part);
      }
    }
    return normal.isEmpty() ? "." : normal.toString();
  }

  /** Checks the key of an object in S3, as ours are: a path of at most 1024 bytes. */
  public static String key(String field, String value) {
    if (!KEY.matcher(text(field, value)).matches() || value.contains("..")) {
      throw new IllegalArgumentException(
          "%s '%s' is not the key of an object of ours".formatted(field, shown(value)));
    }
    return value;
  }

  /** Requires a text that is there and not blank. */
  public static String text(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /** Requires a value that is there. */
  public static <T> T present(String field, T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static String shown(String value) {
    return PrintableText.of(value, 100);
  }
}
