package io.tarkiln.dockerfile;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The platform that images are built on and for, which BuildKit's variables such as {@code
 * TARGETARCH} stand for.
 *
 * @param os such as {@code linux}
 * @param architecture as Go names it, such as {@code amd64}
 * @param variant such as {@code v7}; empty where there is none
 */
public record Platform(String os, String architecture, String variant) {
  private static final Pattern TEXT =
      Pattern.compile("([a-z0-9]{1,32})/([a-z0-9_]{1,32})(?:/([a-z0-9.]{1,32}))?");

  /**
   * Reads {@code os/architecture} or {@code os/architecture/variant}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Platform parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no platform: write one such as linux/amd64".formatted(text));
    }
    return new Platform(
        parts.group(1), parts.group(2), parts.group(3) == null ? "" : parts.group(3));
  }

  /** Linux on the architecture of this machine, for engines that run beside this process. */
  public static Platform ofThisMachine() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return new Platform(
        "linux",
        switch (architecture) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          default -> architecture;
        },
        "");
  }

  /** The variables and their values, as BuildKit's {@code platform.go} sets them. */
  public Map<String, String> variables() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String side : new String[] {"BUILD", "TARGET"}) {
      values.put(side + "PLATFORM", toString());
      values.put(side + "OS", os);
      values.put(side + "OSVERSION", "");
      values.put(side + "ARCH", architecture);
      values.put(side + "VARIANT", variant);
    }
    return values;
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
