/**
 * Kaniko's output, the same in every engine: its lines, the log that is kept of them, and what its
 * last words say of why it failed. Knows nothing of where Kaniko runs.
 */
@NullMarked
package io.tarkiln.kaniko.output;

import org.jspecify.annotations.NullMarked;
