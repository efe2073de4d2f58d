/**
 * Runs Kaniko on Kubernetes as Argo Workflows. A run is handed over: its record is acknowledged
 * once the Workflow exists, and whichever process has the lease tells the end, from nothing but
 * what the Workflow carries.
 *
 * <p>The state of a run is its Workflow. It is created suspended (it waits for its turn), resumed
 * when there is room, and held by a finalizer of ours until its end has been told, so that neither
 * a person nor Argo's clean-up can make an end vanish. Only {@link
 * io.tarkiln.kaniko.argo.api.WorkflowApi} speaks to the API server about Workflows, and only {@link
 * io.tarkiln.kaniko.argo.WorkflowController} decides what happens to one.
 */
package io.tarkiln.kaniko.argo;
