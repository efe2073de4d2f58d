package io.tarkiln.image;

import io.tarkiln.build.PrintableText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an image in a registry. Stricter than what Docker takes: the host is never left out, so
 * that no reference of ours can mean another registry than it says.
 *
 * <p>{@code io.tarkiln.dockerfile.ImageName} reads what people write in Dockerfiles, by Docker's
 * rules of what may be left out, and stays apart because the grammar needs the JDK only.
 *
 * @param registry host, perhaps with a port
 * @param repository path in the registry
 * @param tag what comes after the last colon; {@code latest} where nothing does
 */
public record ImageReference(String registry, String repository, String tag) {
  /** A part of a repository's path (distribution specification, section "Pulling manifests"). */
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

  private static final Pattern FORM =
      Pattern.compile(
          "(?<registry>[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:]+\\](?::[0-9]{1,5})?)"
              + "/(?<repository>"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)"
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?");

  private static final int MAX_LENGTH = 512;
  private static final int MAX_PORT = 65_535;
  private static final String PINNED = "@sha256:";

  /**
   * Reads a reference with a registry's host.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ImageReference parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !form.matches() || !hasPort(form.group("registry"))) {
      throw new IllegalArgumentException(
          "'%s' is not an image reference: write host[:port]/path[:tag] in lower case"
              .formatted(PrintableText.of(text)));
    }
    return new ImageReference(
        form.group("registry"),
        form.group("repository"),
        form.group("tag") == null ? "latest" : form.group("tag"));
  }

  /**
   * The image that a base image's name means, whatever digest it is pinned to; empty where the name
   * leaves the registry out or is none.
   */
  public static Optional<ImageReference> named(String name) {
    int at = name.indexOf('@');
    String unpinned = at < 0 ? name : name.substring(0, at);
    return isReference(unpinned) ? Optional.of(parse(unpinned)) : Optional.empty();
  }

  /** The digest that a name is pinned to, if it is, also where it leaves the registry out. */
  public static Optional<String> pinnedDigest(String name) {
    int at = name.indexOf(PINNED);
    return at > 0 ? Optional.of(name.substring(at + 1)) : Optional.empty();
  }

  private static boolean isReference(String text) {
    Matcher form = FORM.matcher(text);
    return text.length() <= MAX_LENGTH && form.matches() && hasPort(form.group("registry"));
  }

  /** Whether the port is one, where there is any. */
  private static boolean hasPort(String registry) {
    String port = registry.substring(registry.lastIndexOf(':') + 1);
    boolean named = registry.indexOf(':') >= 0 && !registry.endsWith("]");
    return !named || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT);
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
