/**
 * The all-in-one for one machine: starts Kafka, S3 and a registry that plays Harbor, and the four
 * services on top of them.
 *
 * <p>Ties things together and holds no logic of a build.
 */
@NullMarked
package io.tarkiln.local;

import org.jspecify.annotations.NullMarked;
