package io.tarkiln.cli.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@code tarkiln.yaml}: the options of a build by their names, services as a list. */
record RequestFile(
    Optional<String> workload,
    Optional<String> tag,
    @JsonProperty("extra-tags") List<String> extraTags,
    Optional<String> repository,
    Optional<String> revision,
    List<Service> services,
    Boolean cache,
    Boolean mirror,
    Boolean auto,
    Optional<String> concurrency) {
  static final RequestFile EMPTY =
      new RequestFile(null, null, null, null, null, null, null, null, null, null);

  RequestFile {
    workload = workload == null ? Optional.empty() : workload;
    tag = tag == null ? Optional.empty() : tag;
    extraTags = extraTags == null ? List.of() : List.copyOf(extraTags);
    repository = repository == null ? Optional.empty() : repository;
    revision = revision == null ? Optional.empty() : revision;
    services = services == null ? List.of() : List.copyOf(services);
    cache = cache == null || cache;
    mirror = mirror == null || mirror;
    auto = auto != null && auto;
    concurrency = concurrency == null ? Optional.empty() : concurrency;
  }

  /** One image. */
  record Service(
      String name,
      String context,
      String dockerfile,
      @JsonProperty("build-args") Map<String, String> buildArgs,
      Optional<String> target,
      @JsonProperty("retag-from") Optional<String> retagFrom,
      Boolean auto) {
    BuildRequested.RequestedService requested() {
      return new BuildRequested.RequestedService(
          name, context, dockerfile, buildArgs, target, retagFrom, auto);
    }
  }

  static RequestFile read(Path file) throws CliException {
    try {
      return YAMLMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .readValue(Files.readAllBytes(file), RequestFile.class);
    } catch (UnrecognizedPropertyException unknown) {
      throw wrong(
          file,
          "does not know '%s'; it knows %s"
              .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds()),
          unknown);
    } catch (JsonProcessingException broken) {
      throw wrong(file, broken.getOriginalMessage(), broken);
    } catch (NoSuchFileException missing) {
      throw wrong(file, "is not there", missing);
    } catch (IOException unreadable) {
      throw wrong(file, "cannot be read", unreadable);
    }
  }

  private static CliException wrong(Path file, String what, Exception cause) {
    return new CliException(CliException.WRONG_USAGE, file + ": " + what, cause);
  }
}
