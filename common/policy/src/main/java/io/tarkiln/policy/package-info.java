/**
 * Which workload may be built from where and may write which images: an operator's file, held
 * against each build by the service that fetches and again by the one that pushes.
 *
 * <p>Knows nothing of git, registries or Kafka.
 */
@NullMarked
package io.tarkiln.policy;

import org.jspecify.annotations.NullMarked;
