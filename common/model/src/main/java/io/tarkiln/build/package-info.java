/**
 * The words of a build: its id, what names and tags may look like, why it can fail, and how builds
 * keep out of each other's way.
 *
 * <p>Knows nothing of Kafka, S3 or any framework.
 */
@NullMarked
package io.tarkiln.build;

import org.jspecify.annotations.NullMarked;
