package io.tarkiln.dockerfile.kaniko;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What well-known images have in them, by the last part of an image's name. */
final class KnownImages {
  private static final Set<String> JAVA = Set.of("JAVA_HOME", "JAVA_VERSION", "LANG", "LC_ALL");

  /** Variables that they set, from their Dockerfiles (docker-library, dotnet-docker). */
  private static final Map<String, Set<String>> ENVIRONMENT =
      Map.ofEntries(
          Map.entry("node", Set.of("NODE_VERSION", "YARN_VERSION")),
          Map.entry("python", Set.of("PYTHON_VERSION", "PYTHON_SHA256", "LANG", "GPG_KEY")),
          Map.entry("golang", Set.of("GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN")),
          Map.entry("openjdk", JAVA),
          Map.entry("eclipse-temurin", JAVA),
          Map.entry("amazoncorretto", Set.of("JAVA_HOME", "LANG")),
          Map.entry("maven", Set.of("MAVEN_HOME", "MAVEN_CONFIG", "JAVA_HOME", "JAVA_VERSION")),
          Map.entry("gradle", Set.of("GRADLE_HOME", "GRADLE_VERSION", "JAVA_HOME")),
          Map.entry("tomcat", Set.of("CATALINA_HOME", "TOMCAT_VERSION", "TOMCAT_MAJOR")),
          Map.entry("nginx", Set.of("NGINX_VERSION", "NJS_VERSION", "PKG_RELEASE")),
          Map.entry("php", Set.of("PHP_VERSION", "PHP_INI_DIR", "PHP_URL", "PHPIZE_DEPS")),
          Map.entry("composer", Set.of("COMPOSER_VERSION", "COMPOSER_HOME", "PHP_VERSION")),
          Map.entry("ruby", Set.of("RUBY_VERSION", "GEM_HOME", "LANG")),
          Map.entry("rust", Set.of("RUST_VERSION", "CARGO_HOME", "RUSTUP_HOME")),
          Map.entry("elixir", Set.of("ELIXIR_VERSION", "LANG")),
          Map.entry("erlang", Set.of("OTP_VERSION", "REBAR3_VERSION")),
          Map.entry("postgres", Set.of("PG_VERSION", "PG_MAJOR", "PGDATA", "LANG")),
          Map.entry("mysql", Set.of("MYSQL_VERSION", "MYSQL_MAJOR")),
          Map.entry("mongo", Set.of("MONGO_VERSION", "MONGO_MAJOR")),
          Map.entry("redis", Set.of("REDIS_VERSION")),
          Map.entry("httpd", Set.of("HTTPD_VERSION", "HTTPD_PREFIX")),
          Map.entry("jenkins", Set.of("JENKINS_VERSION", "JENKINS_HOME")),
          Map.entry("sdk", Set.of("DOTNET_VERSION", "ASPNET_VERSION", "DOTNET_SDK_VERSION")),
          Map.entry("aspnet", Set.of("DOTNET_VERSION", "ASPNET_VERSION")),
          Map.entry("runtime", Set.of("DOTNET_VERSION")));

  /** Numbers of users that they have in /etc/passwd, beside nobody's. */
  private static final Map<String, Set<String>> USERS =
      Map.ofEntries(
          Map.entry("node", Set.of("1000")),
          Map.entry("gradle", Set.of("1000")),
          Map.entry("jenkins", Set.of("1000")),
          Map.entry("elasticsearch", Set.of("1000")),
          Map.entry("kibana", Set.of("1000")),
          Map.entry("logstash", Set.of("1000")),
          Map.entry("nginx", Set.of("101")),
          Map.entry("nginx-unprivileged", Set.of("101")),
          Map.entry("grafana", Set.of("472")),
          Map.entry("airflow", Set.of("50000")),
          Map.entry("sdk", Set.of("1654")),
          Map.entry("aspnet", Set.of("1654")),
          Map.entry("runtime", Set.of("1654")),
          Map.entry("runtime-deps", Set.of("1654")));

  private static final String NOBODY = "65534";

  private static final Pattern LINK_ANYWHERE =
      Pattern.compile(
          "/var/(run|lock)|/etc/(mtab|os-release)|/etc/alternatives/.+|/usr/bin/python3?"
              + "|/usr/bin/(java|javac|awk|editor|nodejs|npm|npx|gcc|g\\+\\+|cc|c\\+\\+)"
              + "|.*/node_modules/\\.bin/[^/]+|.*/\\.?venv/bin/python[0-9.]*");
  private static final Pattern LINK_OF_NODE =
      Pattern.compile("/usr/local/bin/(npm|npx|yarn|yarnpkg|nodejs|corepack)");
  private static final Pattern LINK_OF_PYTHON =
      Pattern.compile("/usr/local/bin/(python|python3|idle|pydoc)");
  private static final Pattern LINK_OF_DEBIAN =
      Pattern.compile("/(bin|sbin|lib|lib64)|/bin/sh|/etc/localtime");
  private static final Pattern DEBIAN = Pattern.compile("debian|ubuntu|buildpack-deps");
  private static final Pattern CAPABLE =
      Pattern.compile("/(usr/)?bin/(ping|arping|mtr-packet|newuidmap|newgidmap|dumpcap)");

  private KnownImages() {}

  /** Whether an image sets a variable. */
  static boolean sets(String image, String variable) {
    return ENVIRONMENT.getOrDefault(name(image), Set.of()).contains(variable);
  }

  /** Whether an image has a user of a number. */
  static boolean knowsUser(String image, String number) {
    return number.equals(NOBODY) || USERS.getOrDefault(name(image), Set.of()).contains(number);
  }

  /** Whether a path is a symbolic link in an image. */
  static boolean isLink(String image, String path) {
    String name = name(image);
    return LINK_ANYWHERE.matcher(path).matches()
        || (name.equals("node") && LINK_OF_NODE.matcher(path).matches())
        || (name.equals("python") && LINK_OF_PYTHON.matcher(path).matches())
        || (DEBIAN.matcher(name).matches() && LINK_OF_DEBIAN.matcher(path).matches());
  }

  /** Whether a path is a program that has capabilities wherever it is installed. */
  static boolean isCapable(String path) {
    return CAPABLE.matcher(path).matches();
  }

  private static String name(String image) {
    String withoutDigest = image.replaceFirst("@.*", "");
    return withoutDigest.substring(withoutDigest.lastIndexOf('/') + 1).replaceFirst(":.*", "");
  }
}
