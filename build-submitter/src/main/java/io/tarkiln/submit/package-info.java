/**
 * Hands rewritten Dockerfiles to a Kaniko engine and publishes on Kafka what becomes of the runs:
 * the step, and the listener that feeds it.
 */
@NullMarked
package io.tarkiln.submit;

import org.jspecify.annotations.NullMarked;
