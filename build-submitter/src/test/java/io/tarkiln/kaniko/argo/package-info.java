/**
 * Tests of the Argo engine, against a real API server with Argo's own resource definitions; the
 * test plays Argo's controller and the kubelet.
 */
package io.tarkiln.kaniko.argo;
