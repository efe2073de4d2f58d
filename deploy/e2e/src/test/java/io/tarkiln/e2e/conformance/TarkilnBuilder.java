package io.tarkiln.e2e.conformance;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.RejectedException;
import io.tarkiln.build.UnavailableException;
import io.tarkiln.checkout.CheckoutStep;
import io.tarkiln.dockerfile.Platform;
import io.tarkiln.dockerfile.ProxyMap;
import io.tarkiln.e2e.conformance.cases.CaseRepository;
import io.tarkiln.e2e.conformance.cases.ConformanceCase;
import io.tarkiln.embedded.GoTools;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.Event;
import io.tarkiln.event.EventData;
import io.tarkiln.event.SourceCheckedOut;
import io.tarkiln.git.host.GitSettings;
import io.tarkiln.kaniko.KanikoEngine;
import io.tarkiln.kaniko.KanikoRun;
import io.tarkiln.kaniko.RunEnd;
import io.tarkiln.kaniko.RunObserver;
import io.tarkiln.kaniko.local.LocalEngine;
import io.tarkiln.pipeline.StepResult;
import io.tarkiln.policy.Policies;
import io.tarkiln.rewrite.RewriteStep;
import io.tarkiln.samples.TestS3;
import io.tarkiln.settings.Settings;
import io.tarkiln.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The services' own steps from git to an image tar in S3, with real Kaniko and without Kafka. */
final class TarkilnBuilder implements AutoCloseable {
  private static final String SERVICE = "api";

  private final ObjectStore store;
  private final CheckoutStep checkout;
  private final RewriteStep rewriter;
  private final KanikoEngine engine;
  private final ConcurrentMap<BuildId, Ending> endings = new ConcurrentHashMap<>();

  /**
   * Starts all parts.
   *
   * @param registry that has Docker Hub's images below {@code dockerhub-proxy}
   */
  TarkilnBuilder(Path folder, String registry, int atOnce)
      throws IOException, UnavailableException {
    Map<String, String> variables = new TreeMap<>(TestS3.newBucket());
    variables.putAll(
        Map.of(
            "TARKILN_CONTAINER_ENGINE",
            "none",
            "TARKILN_KANIKO_EXECUTOR",
            GoTools.provide("kaniko").toString(),
            "TARKILN_WORK_DIRECTORY",
            folder.resolve("work").toString(),
            "TARKILN_CONCURRENT_BUILDS",
            Integer.toString(atOnce),
            "TARKILN_CACHE_REPO",
            registry,
            "TARKILN_PLAIN_HTTP_REGISTRIES",
            registry,
            "TARKILN_GIT_CACHE",
            folder.resolve("git").toString(),
            "TARKILN_GIT_ALLOW_FILE",
            "true"));
    variables.put("TARKILN_BUILD_NETWORK", "host"); // cases reach nothing but the registry
    Settings settings = Settings.of(variables);
    store = ObjectStore.connect(settings);
    checkout = new CheckoutStep(GitSettings.of(settings), store, Policies.NONE);
    rewriter =
        new RewriteStep(
            store,
            ProxyMap.parse("docker.io=%s/dockerhub-proxy".formatted(registry)),
            Platform.ofThisMachine());
    engine = LocalEngine.of(settings, store);
    engine.start(new Listener());
  }

  /** Builds a version of a case that is in a repository. */
  BuiltImage build(ConformanceCase one, CaseRepository repository, int version, Path scratch)
      throws IOException, UnavailableException, InterruptedException {
    Event<DockerfileRewritten> rewritten;
    try {
      Event<SourceCheckedOut> source =
          only(checkout.run(request(one, repository, version)), SourceCheckedOut.class);
      rewritten = only(rewriter.run(source), DockerfileRewritten.class);
    } catch (RejectedException refused) {
      return new BuiltImage.Refused(refused.reason().wire() + ": " + refused.getMessage());
    }
    Ending ending = new Ending(new ArrayList<>(), new CompletableFuture<>());
    endings.put(rewritten.build(), ending);
    KanikoRun run = new KanikoRun(rewritten);
    try {
      engine.submit(run);
    } catch (RejectedException refused) {
      return new BuiltImage.Refused(refused.reason().wire() + ": " + refused.getMessage());
    }
    RunEnd end = ending.end().join();
    if (end instanceof RunEnd.Built) {
      FlatImage image =
          FlatImage.read(
              store.open(run.imageTarKey()).orElseThrow(), scratch.resolve("product.tar"));
      return new BuiltImage.Image(image, rewritten.data().warnings(), ending.lines());
    }
    if (end instanceof RunEnd.Failed failed) {
      return new BuiltImage.Failed(
          failed.reason().wire() + ": " + failed.message(), ending.lines());
    }
    throw new UnavailableException("the run ended with " + end);
  }

  private static Event<BuildRequested> request(
      ConformanceCase one, CaseRepository repository, int version)
      throws IOException, InterruptedException {
    return Event.first(
        BuildId.next(),
        "cli",
        new BuildRequested(
            one.name(),
            "1",
            List.of(),
            new BuildRequested.Source(repository.url(), repository.commit(version)),
            List.of(
                new BuildRequested.RequestedService(
                    SERVICE,
                    one.context(),
                    one.dockerfile(),
                    version == 1 ? one.arguments() : one.secondArguments(),
                    one.target(),
                    Optional.empty())),
            true,
            true));
  }

  @SuppressWarnings("unchecked") // its data is looked at
  private static <T extends EventData> Event<T> only(StepResult result, Class<T> type) {
    Event<?> event = result.events().get(0);
    if (!type.isInstance(event.data())) {
      throw new AssertionError("no %s but %s".formatted(type.getSimpleName(), event));
    }
    return (Event<T>) event;
  }

  /** What is heard of a run. */
  private record Ending(List<String> lines, CompletableFuture<RunEnd> end) {}

  private final class Listener implements RunObserver {
    @Override
    public void log(KanikoRun run, long firstLine, List<String> lines) {
      List<String> all = endings.get(run.build()).lines();
      synchronized (all) {
        all.addAll(lines);
      }
    }

    @Override
    public CompletionStage<Void> ended(KanikoRun run, RunEnd end) {
      endings.get(run.build()).end().complete(end);
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
    checkout.close();
    store.close();
  }
}
