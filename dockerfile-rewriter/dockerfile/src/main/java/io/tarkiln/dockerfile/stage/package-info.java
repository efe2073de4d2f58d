/**
 * The stages of a Dockerfile: which is FROM which, copies from which, and is needed by a build.
 *
 * <p>BuildKit's rules; nothing here knows what another builder makes of them.
 */
@NullMarked
package io.tarkiln.dockerfile.stage;

import org.jspecify.annotations.NullMarked;
