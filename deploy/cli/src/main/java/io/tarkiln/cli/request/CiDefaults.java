package io.tarkiln.cli.request;

import java.util.Map;
import java.util.Optional;

/**
 * Repository, revision and tag as GitHub Actions and GitLab CI name them in a job's environment.
 */
record CiDefaults(Map<String, String> environment) {
  Optional<String> repository() {
    return get("GITHUB_REPOSITORY")
        .map(name -> get("GITHUB_SERVER_URL").orElse("https://github.com") + "/" + name + ".git")
        .or(() -> get("CI_PROJECT_URL").map(url -> url + ".git"));
  }

  Optional<String> revision() {
    return get("GITHUB_SHA").or(() -> get("CI_COMMIT_SHA"));
  }

  Optional<String> tag() {
    return get("GITHUB_REF_NAME")
        .map(name -> name.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[.-]+", ""))
        .or(() -> get("CI_COMMIT_TAG"))
        .or(() -> get("CI_COMMIT_REF_SLUG"));
  }

  /** Whether a switch such as USE_CACHE is on; it is unless it says no. */
  boolean isOn(String name) {
    return !get(name).orElse("true").matches("(?i)false|0|no|off");
  }

  private Optional<String> get(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
