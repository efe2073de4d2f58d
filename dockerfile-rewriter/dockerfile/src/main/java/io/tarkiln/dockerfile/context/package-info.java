/**
 * The files of a build context: their names, kinds and git's ids, and patterns that match them.
 *
 * <p>Nothing here reads a file, or knows Dockerfiles and builders.
 */
@NullMarked
package io.tarkiln.dockerfile.context;

import org.jspecify.annotations.NullMarked;
