/**
 * Workflows and their pods as the Kubernetes API server knows them: reading, writing and watching
 * them, the Workflow of a run, and the outcome that a Workflow's state stands for.
 *
 * <p>Decides nothing about when a run begins or ends.
 */
@NullMarked
package io.tarkiln.kaniko.argo.api;

import org.jspecify.annotations.NullMarked;
