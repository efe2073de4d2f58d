package io.tarkiln.kaniko;

import io.tarkiln.build.NameSyntax;
import java.util.concurrent.CompletionStage;

/**
 * An engine has a run.
 *
 * @param workflow the engine's name of it
 * @param namespace where the engine keeps it; the host for the local engine
 * @param settled completes when the engine no longer needs the record that asked for the run: at
 *     once where the run outlives this process, else when its end has been handled
 */
public record SubmittedRun(String workflow, String namespace, CompletionStage<Void> settled) {
  public SubmittedRun {
    NameSyntax.text("workflow", workflow);
    NameSyntax.text("namespace", namespace);
    NameSyntax.present("settled", settled);
  }
}
