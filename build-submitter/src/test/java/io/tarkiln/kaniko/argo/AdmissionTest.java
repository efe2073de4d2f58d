package io.tarkiln.kaniko.argo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.tarkiln.kaniko.argo.api.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final List<Workflow> all = new ArrayList<>();
  private final List<String> admitted = new ArrayList<>();

  @Test
  void admits_one_once_until_it_is_seen_to_run() {
    Admission admission = admission(Duration.ofHours(1));
    all.add(workflow("1", true));
    all.add(workflow("2", true));

    admission.reconcile(Admission.KEY);
    admission.reconcile(Admission.KEY);
    assertThat(admitted).containsExactly("1");
    assertThat(admission.isAdmitted("1")).isTrue();

    all.set(0, workflow("1", false));
    admission.reconcile(Admission.KEY);
    assertThat(admitted).containsExactly("1");

    all.remove(0);
    admission.reconcile(Admission.KEY);
    assertThat(admitted).containsExactly("1", "2");
  }

  @Test
  void one_that_cannot_be_resumed_leaves_its_turn_to_another() {
    Admission admission = admission(Duration.ofHours(1));
    all.add(workflow("1", true));
    all.add(workflow("2", true));
    admission.reconcile(Admission.KEY);

    admission.withdraw("1");
    admission.reconcile(Admission.KEY);

    assertThat(admitted).containsExactly("1", "2");
    assertThat(admission.isAdmitted("1")).isFalse();
  }

  @Test
  void one_that_could_not_be_resumed_has_its_turn_again_later() {
    Admission admission = admission(Duration.ZERO);
    all.add(workflow("1", true));
    admission.reconcile(Admission.KEY);

    admission.withdraw("1");
    admission.reconcile(Admission.KEY);

    assertThat(admitted).containsExactly("1", "1");
  }

  @Test
  void one_that_runs_although_its_resumption_was_not_answered_counts() {
    Admission admission = admission(Duration.ofHours(1));
    all.add(workflow("1", true));
    all.add(workflow("2", true));
    admission.reconcile(Admission.KEY);

    admission.withdraw("1");
    all.set(0, workflow("1", false));
    admission.reconcile(Admission.KEY);

    assertThat(admitted).containsExactly("1");
  }

  /** With room for one. */
  private Admission admission(Duration pause) {
    return new Admission(() -> all, new AdmissionPolicy(1, 1), pause, admitted::add);
  }

  private static Workflow workflow(String build, boolean suspended) {
    return new Workflow(
        JsonParser.parseString(
                """
                {"metadata": {"name": "%s", "labels": {"tarkiln.io/build": "%s", "tarkiln.io/workload": "shop"}},
                 "spec": {"suspend": %s}}
                """
                    .formatted(build, build, suspended))
            .getAsJsonObject());
  }
}
