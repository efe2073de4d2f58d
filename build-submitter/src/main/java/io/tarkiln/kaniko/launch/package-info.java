/**
 * Launches Kaniko as a process on this machine: in a container where Docker or Podman answers, else
 * in a throw-away root directory under bubblewrap or {@code unshare}.
 *
 * <p>A run sees the directory that was made for it and nothing else of the host. Knows nothing of
 * queues, S3 or builds.
 */
@NullMarked
package io.tarkiln.kaniko.launch;

import org.jspecify.annotations.NullMarked;
