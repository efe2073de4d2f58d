package io.tarkiln.cli.request;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.tarkiln.build.RejectedException;
import io.tarkiln.cli.session.CliException;
import io.tarkiln.event.BuildRequested;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that describe a build; what is not given comes from a file, else from CI. */
public final class RequestOptions {
  /** Of http addresses any account, of others one with a password. */
  private static final Pattern USER_INFO =
      Pattern.compile("^(https?://[^/?#]*@|[a-z+]+://[^/?#@]*:[^/?#@]*@)", CASE_INSENSITIVE);

  @Option(names = "--workload", paramLabel = "NAME", description = "the application")
  private Optional<String> workload = Optional.empty();

  @Option(names = "--tag", paramLabel = "TAG", description = "the tag that all images get")
  private Optional<String> tag = Optional.empty();

  @Option(names = "--extra-tag", paramLabel = "TAG", description = "a further tag; repeatable")
  private List<String> extraTags = new ArrayList<>();

  @Option(
      names = "--repository",
      paramLabel = "URL",
      description = "https or ssh address, or a folder of this machine")
  private Optional<String> repository = Optional.empty();

  @Option(names = "--revision", paramLabel = "REV", description = "branch, tag or commit")
  private Optional<String> revision = Optional.empty();

  @Option(
      names = "--service",
      paramLabel = "NAME=CONTEXT[:DOCKERFILE]",
      description = "an image to build; repeatable")
  private Map<String, String> services = new LinkedHashMap<>();

  @Option(
      names = "--build-arg",
      paramLabel = "SERVICE:K=V",
      description = "a build argument; repeatable")
  private List<String> buildArgs = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "SERVICE:STAGE",
      description = "the stage to build; repeatable")
  private List<String> targets = new ArrayList<>();

  @Option(names = "--no-cache", description = "run every RUN anew (default from USE_CACHE)")
  private boolean noCache;

  @Option(
      names = "--auto",
      description =
          "tag a service's image again, instead of building it, where one was built from"
              + " the same context, Dockerfile, build arguments and base images")
  private boolean auto;

  @Option(
      names = "--concurrency",
      paramLabel = "KEY",
      description = "cancel older builds of the workload with the same key, such as a branch")
  private Optional<String> concurrency = Optional.empty();

  @Option(
      names = "--no-mirror",
      description = "base images as they are named (default from USE_MIRROR)")
  private boolean noMirror;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "a tarkiln.yaml with the same; options win over it")
  private Optional<Path> file = Optional.empty();

  @Mixin private ChangeOptions changes = new ChangeOptions();

  /** The request, with every grammar checked. */
  public BuildRequested request(Map<String, String> environment) throws CliException {
    CiDefaults ci = new CiDefaults(environment);
    RequestFile given = file.isPresent() ? RequestFile.read(file.get()) : RequestFile.EMPTY;
    Optional<String> named = tag.or(given::tag);
    String at = revision.or(given::revision).or(ci::revision).orElse("HEAD");
    try {
      return new BuildRequested(
              required("--workload", workload.or(given::workload)),
              required("--tag", named.isPresent() ? named : ci.tag()),
              extraTags.isEmpty() ? given.extraTags() : extraTags,
              new BuildRequested.Source(
                  address(
                      required(
                          "--repository", repository.or(given::repository).or(ci::repository))),
                  at),
              changes.applied(services(given), Path.of(""), at, file),
              !noCache && given.cache() && ci.isOn("USE_CACHE"),
              !noMirror && given.mirror() && ci.isOn("USE_MIRROR"),
              concurrency.or(given::concurrency))
          .checked();
    } catch (RejectedException wrong) {
      throw new CliException(CliException.WRONG_USAGE, wrong.getMessage(), wrong);
    }
  }

  private List<BuildRequested.RequestedService> services(RequestFile given) throws CliException {
    List<BuildRequested.RequestedService> all = new ArrayList<>();
    if (services.isEmpty()) {
      all.addAll(given.services());
    }
    services.forEach(
        (name, where) -> {
          int colon = where.indexOf(':');
          all.add(
              new BuildRequested.RequestedService(
                  name,
                  colon < 0 ? where : where.substring(0, colon),
                  colon < 0 ? "" : where.substring(colon + 1),
                  Map.of(),
                  Optional.empty(),
                  Optional.empty()));
        });
    if (all.isEmpty()) {
      throw new CliException(
          CliException.WRONG_USAGE, "no image to build: give --service NAME=CONTEXT, or --file");
    }
    Map<String, Map<String, String>> args = new TreeMap<>();
    for (String arg : buildArgs) {
      String[] parts = parts("--build-arg", arg, "SERVICE:K=V", all);
      int equals = parts[1].indexOf('=');
      if (equals < 1) {
        throw wrong("--build-arg", arg, "SERVICE:K=V");
      }
      args.computeIfAbsent(parts[0], key -> new TreeMap<>())
          .put(parts[1].substring(0, equals), parts[1].substring(equals + 1));
    }
    Map<String, String> stages = new TreeMap<>();
    for (String target : targets) {
      String[] parts = parts("--target", target, "SERVICE:STAGE", all);
      stages.put(parts[0], parts[1]);
    }
    boolean everywhere = auto || given.auto();
    return all.stream().map(service -> completed(service, args, stages, everywhere)).toList();
  }

  private static BuildRequested.RequestedService completed(
      BuildRequested.RequestedService service,
      Map<String, Map<String, String>> args,
      Map<String, String> stages,
      boolean auto) {
    Map<String, String> buildArgs = new TreeMap<>(service.buildArgs());
    buildArgs.putAll(args.getOrDefault(service.name(), Map.of()));
    return new BuildRequested.RequestedService(
        service.name(),
        service.context(),
        service.dockerfile(),
        buildArgs,
        Optional.ofNullable(stages.get(service.name())).or(service::target),
        service.retagFrom(),
        auto || service.auto());
  }

  private static String[] parts(
      String option, String value, String form, List<BuildRequested.RequestedService> services)
      throws CliException {
    int colon = value.indexOf(':');
    if (colon < 1 || colon == value.length() - 1) {
      throw wrong(option, value, form);
    }
    String name = value.substring(0, colon);
    if (services.stream().noneMatch(service -> service.name().equals(name))) {
      throw new CliException(
          CliException.WRONG_USAGE,
          "%s %s: there is no service '%s' in this build".formatted(option, value, name));
    }
    return new String[] {name, value.substring(colon + 1)};
  }

  private static CliException wrong(String option, String value, String form) {
    return new CliException(
        CliException.WRONG_USAGE, "%s '%s' should read %s".formatted(option, value, form));
  }

  /** A folder of this machine is a file URL. */
  private static String address(String repository) throws CliException {
    if (USER_INFO.matcher(repository).find()) {
      throw new CliException(
          CliException.WRONG_USAGE,
          "the repository's address holds an account, and events are read by many: give the"
              + " address alone, and the account to checkout-worker (TARKILN_GIT_CREDENTIALS)");
    }
    return !repository.contains(":") && Files.isDirectory(Path.of(repository))
        ? "file://" + Path.of(repository).toAbsolutePath().normalize()
        : repository;
  }

  private static String required(String option, Optional<String> value) throws CliException {
    return value
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () ->
                new CliException(
                    CliException.WRONG_USAGE, "missing " + option + ", and no --file names it"));
  }
}
