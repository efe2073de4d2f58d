/**
 * Reconciliation as Kubernetes' own controllers do it: a work queue of keys, workers that bring the
 * object of a key one step on, and a backoff for those that fail. A failing object never stops the
 * others.
 *
 * <p>Knows nothing of Workflows. It stands in for {@code io.kubernetes:client-java-extended}, which
 * is not published for the client's version.
 */
@NullMarked
package io.tarkiln.kaniko.argo.reconcile;

import org.jspecify.annotations.NullMarked;
