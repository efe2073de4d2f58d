/** Tests of the work queue and its workers. */
package io.tarkiln.kaniko.argo.reconcile;
