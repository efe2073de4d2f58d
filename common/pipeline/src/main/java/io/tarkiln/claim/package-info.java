/**
 * Events are claims: what a stage asks before it believes one, and what is pinned of a build to
 * answer that.
 *
 * <p>Knows S3, but neither records nor what a stage does.
 */
@NullMarked
package io.tarkiln.claim;

import org.jspecify.annotations.NullMarked;
