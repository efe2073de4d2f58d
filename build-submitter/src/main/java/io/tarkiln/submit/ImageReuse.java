package io.tarkiln.submit;

import io.tarkiln.build.UnavailableException;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.image.ImageReference;
import io.tarkiln.image.RepositoryNames;
import io.tarkiln.inputs.BuildInputs;
import io.tarkiln.inputs.BuildInputsArtifact;
import io.tarkiln.inputs.ReuseRecord;
import io.tarkiln.registry.RegistryClient;
import io.tarkiln.registry.RegistrySettings;
import io.tarkiln.registry.error.RegistryException;
import io.tarkiln.retry.ExponentialBackoff;
import io.tarkiln.retry.RetryPolicy;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the image of a service that was built from the same context, Dockerfile, build arguments,
 * target and base images before. Where that cannot be found out the service is built.
 *
 * @param registry host and, if need be, a path in it
 * @param hosts of registries that may be asked for base images
 */
public record ImageReuse(
    ObjectStore store, RegistryClient client, String registry, Set<String> hosts) {
  private static final Logger LOG = LoggerFactory.getLogger(ImageReuse.class);

  /** Bytes of a Dockerfile with the edits for Kaniko, which has one mebibyte before. */
  private static final int MAX_DOCKERFILE = 16 << 20;

  /** Building is the answer to a registry that does not answer soon. */
  private static final RetryPolicy SHORT =
      RetryPolicy.times(
          3, new ExponentialBackoff(Duration.ofMillis(300), Duration.ofSeconds(2)).jittered());

  public static ImageReuse of(Settings settings, ObjectStore store) {
    return new ImageReuse(
        store,
        new RegistryClient(RegistrySettings.of(settings).with(SHORT)),
        settings.registry(),
        hosts(settings));
  }

  /** The digest of the image to take instead of building; the same whenever it is asked for. */
  Optional<String> image(Event<DockerfileRewritten> event) throws UnavailableException {
    DockerfileRewritten service = event.data();
    if (!service.input().auto()) {
      return Optional.empty();
    }
    Optional<ReuseRecord> known = ReuseRecord.read(store, event.build(), service.service());
    ReuseRecord from =
        known.isPresent()
            ? known.get()
            : found(event).putIfAbsent(store, event.build(), service.service());
    LOG.info(
        "auto buildId={} service={} inputs={} unchanged={}",
        event.build(),
        service.service(),
        from.inputs().map(BuildInputs::digest).orElse("unknown"),
        from.unchanged().orElse("-"));
    return from.unchanged();
  }

  private ReuseRecord found(Event<DockerfileRewritten> event) throws UnavailableException {
    DockerfileRewritten service = event.data();
    Optional<byte[]> dockerfile = store.read(service.input().dockerfileKey(), MAX_DOCKERFILE);
    Optional<BuildInputs> inputs = Optional.empty();
    try {
      Optional<SortedMap<String, String>> bases =
          service.problem().isPresent() ? Optional.empty() : bases().of(service.baseImages());
      if (dockerfile.isPresent() && bases.isPresent()) {
        inputs = Optional.of(BuildInputs.of(service.input(), dockerfile.get(), bases.get()));
      }
      // Without a cache, one wants it built; what it was built from is noted nevertheless.
      return inputs.isPresent() && service.plan().cache()
          ? new ReuseRecord(inputs, noted(service).find(inputs.get()))
          : new ReuseRecord(inputs, Optional.empty());
    } catch (RegistryException trouble) {
      LOG.warn(
          "cannot find out whether it changed, so it is built buildId={} service={} message={}",
          event.build(),
          service.service(),
          trouble.getMessage());
      return new ReuseRecord(inputs, Optional.empty());
    }
  }

  private BaseDigests bases() {
    return new BaseDigests(client, hosts);
  }

  private BuildInputsArtifact noted(DockerfileRewritten service) {
    return new BuildInputsArtifact(
        client.connectToRead(
            ImageReference.parse(
                RepositoryNames.image(registry, service.workload(), service.service()))));
  }

  /** Our registry's host and those of its proxies. */
  private static Set<String> hosts(Settings settings) {
    return Stream.concat(Stream.of(settings.registry()), settings.proxyProjects().stream())
        .map(name -> name.replaceFirst("/.*", ""))
        .collect(Collectors.toSet());
  }
}
