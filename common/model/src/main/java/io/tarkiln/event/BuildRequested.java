package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import io.tarkiln.build.PrintableText;
import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.image.RepositoryNames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody asks for a build: the public contract. Missing optional fields get their defaults;
 * {@link #checked()} applies the grammars, so that a bad name ends the build with a reason instead
 * of being lost as unreadable.
 *
 * @param tag the tag that all images get
 * @param extraTags further tags for the same images
 * @param services at least one
 * @param cache whether Kaniko uses the RUN-layer cache; on by default
 * @param mirror whether base images come from proxies and mirrors; on by default
 * @param concurrency builds of the workload with the same key end one another: the newest goes on
 */
public record BuildRequested(
    String workload,
    String tag,
    List<String> extraTags,
    Source source,
    List<RequestedService> services,
    Boolean cache,
    Boolean mirror,
    Optional<String> concurrency)
    implements EventData {
  private static final int MAX_SERVICES = 1000;
  private static final int MAX_EXTRA_TAGS = 100;

  /** Characters of all names and values of a service: they go along in every later event. */
  private static final int MAX_ARGUMENTS = 65_536;

  private static final int MAX_KEY = 256;

  public BuildRequested {
    NameSyntax.text("workload", workload);
    NameSyntax.text("tag", tag);
    NameSyntax.present("source", source);
    if (services == null || services.isEmpty()) {
      throw new IllegalArgumentException("services is missing or empty");
    }
    extraTags = extraTags == null ? List.of() : List.copyOf(extraTags);
    services = List.copyOf(services);
    cache = cache == null || cache;
    mirror = mirror == null || mirror;
    concurrency = concurrency == null ? Optional.empty() : concurrency.filter(k -> !k.isBlank());
  }

  /** A request that goes on beside others. */
  public BuildRequested(
      String workload,
      String tag,
      List<String> extraTags,
      Source source,
      List<RequestedService> services,
      Boolean cache,
      Boolean mirror) {
    this(workload, tag, extraTags, source, services, cache, mirror, Optional.empty());
  }

  /**
   * Where the source is.
   *
   * @param revision branch, tag or commit; {@code HEAD} by default
   */
  public record Source(String repository, String revision) {
    public Source {
      NameSyntax.text("source.repository", repository);
      revision = revision == null || revision.isBlank() ? "HEAD" : revision;
    }
  }

  /**
   * One image to make.
   *
   * @param context folder that is the build context, the whole repository by default
   * @param dockerfile path from the repository's root; {@code <context>/Dockerfile} by default
   * @param target the stage to build; the last by default
   * @param retagFrom a tag whose image gets the new name instead of being built
   * @param auto whether an image that was built from the same gets the new name instead of being
   *     built again; off by default
   */
  public record RequestedService(
      String name,
      String context,
      String dockerfile,
      Map<String, String> buildArgs,
      Optional<String> target,
      Optional<String> retagFrom,
      Boolean auto) {
    public RequestedService {
      NameSyntax.text("services.name", name);
      context = context == null || context.isBlank() ? "." : context;
      if (dockerfile == null || dockerfile.isBlank()) {
        dockerfile = context.equals(".") ? "Dockerfile" : context + "/Dockerfile";
      }
      buildArgs = buildArgs == null ? Map.of() : Map.copyOf(buildArgs);
      target = target == null ? Optional.empty() : target.filter(name1 -> !name1.isBlank());
      retagFrom = retagFrom == null ? Optional.empty() : retagFrom.filter(tag -> !tag.isBlank());
      auto = auto != null && auto;
    }

    /** A service that is built in any case, or never with {@code retagFrom}. */
    public RequestedService(
        String name,
        String context,
        String dockerfile,
        Map<String, String> buildArgs,
        Optional<String> target,
        Optional<String> retagFrom) {
      this(name, context, dockerfile, buildArgs, target, retagFrom, false);
    }
  }

  /** The same request of another revision. */
  public BuildRequested at(String revision) {
    Source other = new Source(source.repository(), revision);
    return new BuildRequested(
        workload, tag, extraTags, other, services, cache, mirror, concurrency);
  }

  /** The same request without a concurrency key. */
  public BuildRequested alone() {
    return new BuildRequested(workload, tag, extraTags, source, services, cache, mirror);
  }

  /** Names of all services, in the order of the request. */
  public List<String> serviceNames() {
    return services.stream().map(RequestedService::name).toList();
  }

  /**
   * This request with normalized paths.
   *
   * @throws RejectedException when a name, tag or path breaks its grammar, or a name comes twice
   */
  public BuildRequested checked() throws RejectedException {
    try {
      NameSyntax.name("workload", workload);
      if (RepositoryNames.isTaken(workload)) {
        throw new IllegalArgumentException(
            "workload '%s' has the name of the layer caches' folder: choose another"
                .formatted(workload));
      }
      NameSyntax.tag("tag", tag);
      extraTags.forEach(extra -> NameSyntax.tag("extraTags", extra));
      if (concurrency.filter(key -> key.length() > MAX_KEY).isPresent()) {
        throw new IllegalArgumentException(
            "concurrency has more than %d characters: choose a shorter key".formatted(MAX_KEY));
      }
      if (extraTags.size() > MAX_EXTRA_TAGS) {
        throw new IllegalArgumentException(
            "a build has at most %d extra tags, and this one has %d"
                .formatted(MAX_EXTRA_TAGS, extraTags.size()));
      }
      if (services.size() > MAX_SERVICES) {
        throw new IllegalArgumentException(
            "a build has at most %d services, and this one has %d"
                .formatted(MAX_SERVICES, services.size()));
      }
      Set<String> seen = new HashSet<>();
      for (RequestedService service : services) {
        if (!seen.add(NameSyntax.name("service", service.name()))) {
          throw new IllegalArgumentException(
              "service '%s' is named twice: a name stands for one image".formatted(service.name()));
        }
      }
      return new BuildRequested(
          workload,
          tag,
          extraTags,
          source,
          services.stream().map(BuildRequested::checked).toList(),
          cache,
          mirror,
          concurrency);
    } catch (IllegalArgumentException broken) {
      throw new RejectedException(Reason.BAD_REQUEST, String.valueOf(broken.getMessage()), broken);
    }
  }

  private static RequestedService checked(RequestedService service) {
    service.retagFrom().ifPresent(tag -> NameSyntax.tag("retagFrom", tag));
    service.buildArgs().keySet().forEach(BuildRequested::checkArgument);
    int length =
        service.buildArgs().entrySet().stream()
            .mapToInt(each -> each.getKey().length() + each.getValue().length())
            .sum();
    if (length > MAX_ARGUMENTS) {
      throw new IllegalArgumentException(
          "the build arguments of service '%s' have %d characters, and at most %d are allowed: put files into the repository"
              .formatted(service.name(), length, MAX_ARGUMENTS));
    }
    return new RequestedService(
        service.name(),
        NameSyntax.path("context", service.context()),
        NameSyntax.path("dockerfile", service.dockerfile()),
        service.buildArgs(),
        service.target(),
        service.retagFrom(),
        service.auto());
  }

  private static void checkArgument(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "build argument '%s' is not a variable name: use letters, digits and underscores"
              .formatted(PrintableText.of(name)));
    }
  }
}
