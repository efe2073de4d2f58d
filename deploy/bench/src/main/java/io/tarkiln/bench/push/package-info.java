/**
 * Times the push of an image tar from S3 to a registry: ours as a command and inside a running
 * service, against a download followed by {@code crane push} or {@code skopeo copy}.
 */
@NullMarked
package io.tarkiln.bench.push;

import org.jspecify.annotations.NullMarked;
