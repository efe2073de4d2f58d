/**
 * What Kaniko makes of a Dockerfile: what it cannot build, what it builds otherwise than BuildKit,
 * and the edits after which it builds the same.
 *
 * <p>{@link io.tarkiln.dockerfile.kaniko.KanikoDialect} decides; each rule is a class of its own,
 * and was seen with Kaniko 1.24 and BuildKit 0.34 side by side. Nothing here knows services, S3 or
 * other builders. Kaniko's source is cited by file.
 */
@NullMarked
package io.tarkiln.dockerfile.kaniko;

import org.jspecify.annotations.NullMarked;
