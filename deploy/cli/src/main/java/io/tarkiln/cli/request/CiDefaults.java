package io.tarkiln.cli.request;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.cli.session.Printable;
import java.util.Map;
import java.util.Optional;

/**
 * Repository, revision and tag as GitHub Actions and GitLab CI name them in a job's environment.
 */
record CiDefaults(Map<String, String> environment) {
  /** Characters of a tag (OCI distribution specification 1.1). */
  private static final int MAX_TAG = 128;

  Optional<String> repository() {
    return get("GITHUB_REPOSITORY")
        .map(name -> get("GITHUB_SERVER_URL").orElse("https://github.com") + "/" + name + ".git")
        .or(() -> get("CI_PROJECT_URL").map(url -> url + ".git"));
  }

  Optional<String> revision() {
    return get("GITHUB_SHA").or(() -> get("CI_COMMIT_SHA"));
  }

  /**
   * The branch or tag that the job is for, as an image tag.
   *
   * @throws CliException when nothing of it can be in one
   */
  Optional<String> tag() throws CliException {
    Optional<String> name =
        get("GITHUB_REF_NAME")
            .or(() -> get("CI_COMMIT_TAG"))
            .or(() -> get("CI_COMMIT_REF_SLUG"))
            .or(() -> get("CI_COMMIT_REF_NAME")); // whose slug may be empty
    if (name.isEmpty()) {
      return name;
    }
    String clean = name.get().replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[.-]+", "");
    if (clean.isEmpty()) {
      throw new CliException(
          CliException.WRONG_USAGE,
          "the job's branch or tag '%s' has no letter or digit for an image tag: give --tag"
              .formatted(Printable.line(name.get(), 60)));
    }
    return Optional.of(clean.substring(0, Math.min(clean.length(), MAX_TAG)));
  }

  /** Whether a switch such as USE_CACHE is on; it is unless it says no. */
  boolean isOn(String name) {
    return !get(name).orElse("true").matches("(?i)false|0|no|off");
  }

  private Optional<String> get(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
