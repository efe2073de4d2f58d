package io.tarkiln.cli.request;

import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested.RequestedService;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A {@code tarkiln.yaml}: the options of a build by their names, services as a list. */
record RequestFile(
    Optional<String> workload,
    Optional<String> tag,
    List<String> extraTags,
    Optional<String> repository,
    Optional<String> revision,
    List<RequestedService> services,
    boolean cache,
    boolean mirror,
    boolean auto,
    Optional<String> concurrency) {
  private static final Set<String> KEYS =
      Set.of(
          "workload",
          "tag",
          "extra-tags",
          "repository",
          "revision",
          "services",
          "cache",
          "mirror",
          "auto",
          "concurrency");
  private static final Set<String> SERVICE_KEYS =
      Set.of("name", "context", "dockerfile", "build-args", "target", "retag-from", "auto");

  static final RequestFile EMPTY = of(YamlMapping.parse("{}"));

  static RequestFile read(Path file) throws CliException {
    try {
      return of(YamlMapping.parse(Files.readString(file)));
    } catch (IllegalArgumentException broken) {
      throw wrong(file, String.valueOf(broken.getMessage()), broken);
    } catch (NoSuchFileException missing) {
      throw wrong(file, "it is not there", missing);
    } catch (CharacterCodingException foreign) {
      throw wrong(file, "it is not text in UTF-8", foreign);
    } catch (IOException unreadable) {
      throw wrong(file, "it cannot be read", unreadable);
    }
  }

  private static RequestFile of(YamlMapping yaml) {
    yaml.only(KEYS);
    return new RequestFile(
        yaml.text("workload"),
        yaml.text("tag"),
        yaml.texts("extra-tags"),
        yaml.text("repository"),
        yaml.text("revision"),
        yaml.mappings("services").stream().map(RequestFile::service).toList(),
        yaml.flag("cache", true),
        yaml.flag("mirror", true),
        yaml.flag("auto", false),
        yaml.text("concurrency"));
  }

  private static RequestedService service(YamlMapping yaml) {
    yaml.only(SERVICE_KEYS);
    String name =
        yaml.text("name")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "line %d: the service has no 'name'".formatted(yaml.line())));
    return new RequestedService(
        name,
        yaml.text("context").orElse(""),
        yaml.text("dockerfile").orElse(""),
        yaml.textsByName("build-args"),
        yaml.text("target"),
        yaml.text("retag-from"),
        yaml.flag("auto", false));
  }

  private static CliException wrong(Path file, String what, Exception cause) {
    return new CliException(CliException.WRONG_USAGE, file + ": " + what, cause);
  }
}
