/**
 * The words of a build: its id, what names and tags may look like, and why it can fail.
 *
 * <p>Knows nothing of Kafka, S3 or any framework.
 */
@NullMarked
package io.tarkiln.build;

import org.jspecify.annotations.NullMarked;
