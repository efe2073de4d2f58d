package io.tarkiln.build;

import java.util.regex.Pattern;

/** The path of an address, where it is compared as the text that it is. */
public final class AddressPath {
  /** All but letters, digits, {@code - . _ ~} (RFC 3986, 2.3), slashes and what is no text. */
  private static final Pattern ESCAPE =
      Pattern.compile(
          "%(?:2[0-46-9A-Ca-c]|3[A-Fa-f]|40|5[BDEbde]|60|7[BCDbcd]|[89A-Fa-f][0-9A-Fa-f])");

  private AddressPath() {}

  /** Whether a path can be written in no other way: it has escapes only where it must. */
  public static boolean isPlain(String path) {
    return !("/" + path + "/").contains("/../")
        && !ESCAPE.matcher(path).replaceAll("").contains("%");
  }
}
