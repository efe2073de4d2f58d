/**
 * What a run may do at registries: a token for its own cache repository and its base images,
 * instead of the account. Knows nothing of where Kaniko runs.
 */
@NullMarked
package io.tarkiln.kaniko.access;

import org.jspecify.annotations.NullMarked;
