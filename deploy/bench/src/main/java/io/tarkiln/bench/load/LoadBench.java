package io.tarkiln.bench.load;

import io.tarkiln.bench.BenchFolders;
import io.tarkiln.testkit.GitRepository;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Sends many requests at once, then some at half the pace that the services kept, and reports. */
public final class LoadBench {
  private static final int INSTANCES = 2;
  private static final int WARM_UP = 40;
  private static final int MAX_STEADY = 100;
  private static final long ROOM_BYTES = 2L << 30;
  private static final Duration MAX_SILENCE = Duration.ofMinutes(2);

  private final LoadStack stack;
  private final LoadRequests requests;
  private final PrintStream out = System.out;

  private LoadBench(LoadStack stack, LoadRequests requests) {
    this.stack = stack;
    this.requests = requests;
  }

  /** Arguments: requests (5000), then options for the JVMs of the services. */
  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
    List<String> options =
        Stream.concat(Stream.of("-Xmx256m"), Stream.of(arguments).skip(1)).toList();
    Path folder = BenchFolders.inMemory("tarkiln-bench-load", ROOM_BYTES);
    GitRepository repository =
        GitRepository.in(folder.resolve("app"))
            .file("Dockerfile", "FROM scratch\nCOPY Dockerfile /copied\n");
    repository.commit();
    try (LoadStack stack = LoadStack.start(folder, INSTANCES, options);
        LoadRequests requests = new LoadRequests(stack.kafka(), repository.url())) {
      new LoadBench(stack, requests).run(count);
    } finally {
      BenchFolders.delete(folder);
    }
    System.exit(0); // idle pool threads of the S3 client
  }

  private void run(int count) throws Exception {
    send(WARM_UP, 0);
    List<Usage> before = usage();
    Timeline burst = send(count, 0);
    List<Usage> after = usage();
    long millis = burst.wholeMillis(BuildMoment.REQUESTED, BuildMoment.FINISHED);
    out.printf(
        "%n%d requests at once: %.1f s, %.1f builds a second%n",
        count, millis / 1e3, count * 1e3 / millis);
    print(burst);
    print(before, after);
    int few = Math.min(count, MAX_STEADY);
    Timeline steady = send(few, 2000 * millis / count);
    out.printf("%n%d requests at half that pace%n", few);
    print(steady);
    out.printf("%nnot succeeded: %d%n", stack.observer().notSucceeded());
  }

  private Timeline send(int count, long pauseMicroseconds) throws Exception {
    stack.observer().begin();
    requests.publish(count, pauseMicroseconds);
    return stack.observer().awaitFinished(count, MAX_SILENCE);
  }

  private void print(Timeline timeline) {
    out.printf("%-34s %9s %9s%n", "milliseconds", "p50", "p99");
    BuildMoment[] all = BuildMoment.values();
    for (int i = 1; i < all.length; i++) {
      print(timeline, all[i - 1], all[i]);
    }
    print(timeline, BuildMoment.REQUESTED, BuildMoment.ENGINE_BEGAN);
    print(timeline, BuildMoment.ENGINE_ENDED, BuildMoment.TAGGED);
    print(timeline, BuildMoment.REQUESTED, BuildMoment.FINISHED);
  }

  private void print(Timeline timeline, BuildMoment from, BuildMoment to) {
    Timeline.Spans spans = timeline.between(from, to);
    out.printf(
        "%-34s %9d %9d%n",
        "%s to %s".formatted(spoken(from), spoken(to)),
        spans.percentile(0.5),
        spans.percentile(0.99));
  }

  private static String spoken(BuildMoment moment) {
    return moment.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private record Usage(long done, Duration processor) {}

  private List<Usage> usage() throws IOException {
    List<Usage> all = new ArrayList<>();
    for (MeasuredService service : stack.services()) {
      all.add(new Usage(service.done(), service.processorTime()));
    }
    return all;
  }

  private void print(List<Usage> before, List<Usage> after) throws Exception {
    out.printf("%-24s %7s %14s %10s %10s%n", "instance", "did", "processor", "peak", "heap now");
    for (int i = 0; i < after.size(); i++) {
      MeasuredService service = stack.services().get(i);
      Duration processor = after.get(i).processor().minus(before.get(i).processor());
      out.printf(
          "%-24s %7d %12.1f s %7d MB %7d MB%n",
          service.name(),
          after.get(i).done() - before.get(i).done(),
          processor.toMillis() / 1e3,
          service.peakBytes() / 1_000_000,
          service.heapBytes() / 1_000_000);
    }
  }
}
