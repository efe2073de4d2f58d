package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.tarkiln.kaniko.argo.api.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  @Test
  void oldest_builds_come_first() {
    assertThat(
            next(
                new AdmissionPolicy(2, 2),
                waiting("3", "shop"),
                waiting("1", "shop"),
                waiting("2", "shop")))
        .containsExactly("1", "2");
  }

  @Test
  void one_workload_does_not_keep_others_waiting() {
    assertThat(
            next(
                new AdmissionPolicy(3, 1),
                waiting("1", "shop"),
                waiting("2", "shop"),
                waiting("3", "blog")))
        .containsExactly("1", "3");
  }

  @Test
  void the_next_free_turn_is_of_the_workload_that_has_the_fewest_runs() {
    AdmissionPolicy turns = new AdmissionPolicy(4, 2);
    Workflow[] many = {
      waiting("1", "shop"), waiting("2", "shop"), waiting("3", "shop"), waiting("4", "shop"),
      waiting("5", "blog"), waiting("6", "blog"), waiting("7", "blog"), waiting("8", "blog"),
    };
    assertThat(next(turns, many)).containsExactly("1", "5", "2", "6");

    // One of shop has ended, so shop has room too, and its builds are older.
    List<String> next =
        next(
            turns,
            running("2", "shop"),
            running("5", "blog"),
            running("6", "blog"),
            waiting("3", "shop"),
            waiting("4", "shop"),
            waiting("7", "blog"),
            waiting("9", "wiki"));

    assertThat(next).containsExactly("9");
  }

  @Test
  void counts_a_turn_that_was_given_and_does_not_show_yet_for_its_workload() {
    List<Workflow> all = List.of(waiting("1", "shop"), waiting("2", "shop"), waiting("3", "wiki"));

    List<Workflow> next = new AdmissionPolicy(2, 2).next(all, Set.of("1"), NOW);

    assertThat(next.stream().map(Workflow::name)).containsExactly("3");
  }

  @Test
  void counts_what_runs_already() {
    assertThat(next(new AdmissionPolicy(2, 1), running("1", "shop"), waiting("2", "shop")))
        .isEmpty();
    assertThat(next(new AdmissionPolicy(1, 9), running("1", "shop"), waiting("2", "blog")))
        .isEmpty();
  }

  @Test
  void counts_what_was_begun_and_does_not_show_yet() {
    List<Workflow> all = List.of(waiting("1", "shop"), waiting("2", "shop"));

    assertThat(new AdmissionPolicy(1, 1).next(all, Set.of("1"), NOW)).isEmpty();
    assertThat(new AdmissionPolicy(2, 2).next(all, Set.of("1"), NOW).stream().map(Workflow::name))
        .containsExactly("2");
  }

  @Test
  void one_whose_time_has_not_come_waits_and_keeps_nobody_waiting() {
    Workflow early = waiting("1", "shop", "{\"tarkiln.io/not-before\": \"2026-11-25T10:00:01Z\"}");
    Workflow due = waiting("2", "shop", "{\"tarkiln.io/not-before\": \"2026-11-25T10:00:00Z\"}");

    assertThat(next(new AdmissionPolicy(1, 1), early, due)).containsExactly("2");
  }

  private static List<String> next(AdmissionPolicy turns, Workflow... all) {
    return turns.next(List.of(all), Set.of(), NOW).stream().map(Workflow::name).toList();
  }

  private static Workflow waiting(String build, String workload) {
    return waiting(build, workload, "{}");
  }

  private static Workflow waiting(String build, String workload, String annotations) {
    return workflow(build, workload, "{\"suspend\": true}", annotations);
  }

  private static Workflow running(String build, String workload) {
    return workflow(build, workload, "{}", "{}");
  }

  private static Workflow workflow(String build, String workload, String spec, String annotations) {
    return new Workflow(
        JsonParser.parseString(
                """
                {"metadata": {"name": "%s", "labels": {"tarkiln.io/build": "%s", "tarkiln.io/workload": "%s"},
                              "annotations": %s}, "spec": %s}
                """
                    .formatted(build, build, workload, annotations, spec))
            .getAsJsonObject());
  }
}
