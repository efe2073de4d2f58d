package io.tarkiln.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.event.EventType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random builds while all that can fail fails at random, and what must be true afterwards, seen
 * from outside: by a plain consumer, in S3 and in the registry. {@code deploy/e2e/faults} makes a
 * long run of it.
 */
@Tag("e2e")
class FaultsTest {
  private static final int BUILDS = Integer.getInteger("tarkiln.faults.builds", 6);
  private static final int KILLS = Integer.getInteger("tarkiln.faults.kills", 3);
  private static final long SEED = Long.getLong("tarkiln.faults.seed", System.nanoTime());
  private static final int BUILDS_PER_WORKLOAD = 100;
  private static final int AT_ONCE = 16;
  private static final int MAX_QUIET_MS = 1500;
  private static final double CUTS = 0.01;
  private static final String LOG_WRITTEN = "(PUT|POST) \\S+/build\\.log\\b.*";

  private final Random random = new Random(SEED);
  private final List<String> dead = new ArrayList<>();

  // Logs of services are kept when something is wrong.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void every_build_ends_once_and_tags_tell_the_truth_whatever_fails() throws Exception {
    System.out.printf("faults: seed=%d builds=%d kills=%d%n", SEED, BUILDS, KILLS);
    Random executors = new Random(SEED);
    try (FaultyPipeline trial =
        new FaultyPipeline(
            folder,
            new Random(SEED),
            2,
            false,
            process -> process.startsWith("build-submitter") && executors.nextInt(6) == 0)) {
      int workloads = 1 + (BUILDS - 1) / BUILDS_PER_WORKLOAD;
      for (int i = 0; i < workloads; i++) {
        trial.ask(RequestedBuild.base("w" + i));
      }
      trial.awaitEnds();

      trial.faults().cut(CUTS);
      int kills = 0;
      for (int i = 0; i < BUILDS; i++) {
        ask(trial, RequestedBuild.random(random, "w" + i % workloads, "t" + i));
        // Kills are spread over the builds.
        while (kills * BUILDS < i * KILLS) {
          kill(trial);
          kills++;
        }
        while (trial.unfinished() > AT_ONCE) {
          quiet();
          startDead(trial);
        }
      }
      while (kills < KILLS) {
        kill(trial);
        kills++;
      }
      startDead(trial);
      trial.awaitEnds();
      trial.faults().cut(0);

      trial.awaitRest();
      trial.check(trial.asked());
      List<String> before = facts(trial);
      int runs = runs(trial).size();
      assertThat(runs).as("runs").isPositive();
      trial.readAllAgain();
      assertThat(runs(trial).stream().skip(runs)).as("runs after all groups began anew").isEmpty();
      trial.check(trial.asked());
      assertThat(facts(trial)).as("facts after all groups began anew").isEqualTo(before);
      trial.checkLeftovers();
      System.out.printf(
          "faults: seed=%d builds=%d kills=%d %s%n",
          SEED, trial.asked().size(), kills, summary(trial));
    }
  }

  private void ask(FaultyPipeline trial, RequestedBuild build) throws Exception {
    boolean isCancelled = random.nextInt(8) == 0;
    boolean isCancelledFirst = isCancelled && random.nextInt(4) == 0;
    if (isCancelledFirst) {
      trial.cancel(build);
    }
    trial.ask(build);
    if (isCancelled && !isCancelledFirst) {
      quiet();
      trial.cancel(build);
    }
  }

  /** Kills one of the processes or the broker, brings back another, and sends old records again. */
  private void kill(FaultyPipeline trial) throws Exception {
    quiet();
    if (random.nextInt(12) == 0) {
      trial.journal().add("test", "kill -9 broker");
      trial.broker().kill();
      quiet();
      trial.broker().start();
    } else {
      List<String> processes = new ArrayList<>(trial.apart().processes());
      processes.removeAll(dead);
      String process = processes.get(random.nextInt(processes.size()));
      trial.faults().kill(process, "at random");
      dead.add(process);
    }
    if (dead.size() > 1) {
      quiet();
      String process = dead.remove(0);
      trial.start(process);
    }
    if (random.nextInt(4) == 0) {
      sendAgain(trial);
    }
  }

  private void startDead(FaultyPipeline trial) {
    dead.forEach(trial::start);
    dead.clear();
  }

  /** Some records of all builds so far, in any order. */
  private void sendAgain(FaultyPipeline trial) throws Exception {
    List<ConsumerRecord<String, byte[]>> records =
        new ArrayList<>(
            trial.history().all().stream()
                .filter(each -> !each.topic().endsWith(EventType.BUILD_LOG.topic()))
                .toList());
    Collections.shuffle(records, random);
    trial.sendAgain(records.stream().limit(30).toList());
  }

  /** The distinct facts of all events, log lines apart. */
  private static List<String> facts(FaultyPipeline trial) {
    return trial.history().all().stream()
        .filter(each -> !each.topic().endsWith(EventType.BUILD_LOG.topic()))
        .map(TopicHistory::id)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * What is seen of runs: the stand-in tells its begin, and of each, one of Kaniko itself, too, the
   * log is brought to S3.
   */
  private static List<Journal.Entry> runs(FaultyPipeline trial) {
    return trial
        .journal()
        .all(each -> each.what().startsWith("begin/") || each.what().matches(LOG_WRITTEN));
  }

  private static String summary(FaultyPipeline trial) {
    long runs = trial.journal().all(each -> each.what().startsWith("begin/")).size();
    long distinct =
        trial.journal().all(each -> each.what().startsWith("begin/")).stream()
            .map(Journal.Entry::what)
            .distinct()
            .count();
    long cuts = trial.journal().all(each -> each.what().startsWith("cut ")).size();
    long brokers = trial.journal().all(each -> each.what().equals("kill -9 broker")).size();
    return "brokerKills=%d cuts=%d fastRuns=%d fastRunsRepeated=%d records=%d"
        .formatted(brokers, cuts, runs, runs - distinct, trial.history().all().size());
  }

  /** Lets the services work for a random while. */
  private void quiet() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_QUIET_MS));
  }
}
