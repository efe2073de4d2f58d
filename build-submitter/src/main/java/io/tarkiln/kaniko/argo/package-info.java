/**
 * Runs Kaniko on Kubernetes as Argo Workflows. A run is handed over: its record is acknowledged
 * once the Workflow exists, and whichever process has the lease publishes the end, from nothing but
 * what the Workflow carries.
 *
 * <p>The state of a run is its Workflow. It is created suspended (it waits for its turn), resumed
 * when there is room, and held by a finalizer of ours until its end has been published, so that
 * neither a person nor Argo's clean-up can make an end vanish.
 *
 * <p>{@link io.tarkiln.kaniko.argo.WorkflowReconciler} alone decides what happens to a Workflow,
 * one at a time and from the state that it finds, {@link io.tarkiln.kaniko.argo.Admission} which
 * may begin. What fails is retried with backoff and stops no other. Only {@link
 * io.tarkiln.kaniko.argo.api.WorkflowApi} speaks to the API server about Workflows.
 */
@NullMarked
package io.tarkiln.kaniko.argo;

import org.jspecify.annotations.NullMarked;
