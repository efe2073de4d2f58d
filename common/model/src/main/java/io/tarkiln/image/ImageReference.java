package io.tarkiln.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an image in a registry.
 *
 * @param registry host, perhaps with a port
 * @param repository path in the registry
 * @param tag what comes after the last colon; {@code latest} where nothing does
 */
public record ImageReference(String registry, String repository, String tag) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<registry>[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:]+\\](?::[0-9]{1,5})?)"
              + "/(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?");

  /**
   * Reads a reference with a registry's host.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ImageReference parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 512 || !form.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not an image reference: write host[:port]/path[:tag] in lower case"
              .formatted(text.replaceAll("\\p{Cntrl}", "?")));
    }
    return new ImageReference(
        form.group("registry"),
        form.group("repository"),
        form.group("tag") == null ? "latest" : form.group("tag"));
  }

  /** The same image under another tag. */
  public ImageReference withTag(String other) {
    return new ImageReference(registry, repository, other);
  }

  /** Registry and repository, without tag. */
  public String name() {
    return registry + "/" + repository;
  }

  @Override
  public String toString() {
    return name() + ":" + tag;
  }
}
