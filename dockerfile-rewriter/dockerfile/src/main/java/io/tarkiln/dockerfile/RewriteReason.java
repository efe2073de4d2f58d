package io.tarkiln.dockerfile;

import java.util.Locale;

/** Why an operand that could name an image was changed or left. */
public enum RewriteReason {
  /** It comes from a proxy now. */
  REWRITTEN,
  /** It names a stage of the same file, by name or index. */
  STAGE,
  SCRATCH,
  /** There is no proxy for its registry. */
  UNMAPPED,
  /** Its registry is one that proxies are on. */
  ALREADY_PROXIED,
  /** A variable in it has no value that is known before the build. */
  UNRESOLVED,
  /** BuildKit and Kaniko read different names; the detail is Kaniko's. */
  KANIKO_DIFFERS,
  /** It is in a trigger that runs in other builds. */
  ONBUILD,
  /** It is no image reference. */
  INVALID;

  /** The code that reports carry: lower case with dashes. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
