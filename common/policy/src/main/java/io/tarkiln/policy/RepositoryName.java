package io.tarkiln.policy;

import io.tarkiln.build.AddressPath;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the addresses of one git repository have in common, however it is reached. */
final class RepositoryName {
  private static final Pattern URL =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(?:[^/@]*@)?([^/@]*)(/.*)?");
  private static final Pattern SCP = Pattern.compile("(?:[^/@:]*@)?(\\[[^]]*]|[^/@:]+):(.*)");

  private RepositoryName() {}

  /**
   * Host and path: {@code git.example.com/acme/shop} for {@code git@git.example.com:acme/shop.git}
   * as well as {@code https://git.example.com/acme/shop}. Empty where the address is none, or where
   * its path could mean another.
   */
  static Optional<String> of(String address) {
    Matcher matcher = URL.matcher(address);
    if (!matcher.matches()) {
      matcher = SCP.matcher(address);
      if (!matcher.matches()) {
        return Optional.empty();
      }
    }
    String path = Optional.ofNullable(matcher.group(2)).orElse("");
    String name =
        matcher.group(1).toLowerCase(Locale.ROOT)
            + "/"
            + path.replaceFirst("^/+", "").replaceFirst("/+$", "").replaceFirst("\\.git$", "");
    boolean isDevious =
        name.contains("//")
            || !AddressPath.isPlain(name)
            || name.matches("(.*/)?\\.\\.?(/.*)?")
            || name.matches(".*[\\p{Cntrl}\\\\?#].*");
    return isDevious ? Optional.empty() : Optional.of(name);
  }
}
