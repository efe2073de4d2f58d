/**
 * What a {@code .dockerignore} file leaves out of a build context, by the rules of Docker and
 * BuildKit: those of github.com/moby/patternmatcher and of the walk of
 * github.com/tonistiigi/fsutil, against which it is held.
 *
 * <p>Paths and patterns are bytes, a character each. Nothing here reads files.
 */
@NullMarked
package io.tarkiln.dockerignore;

import org.jspecify.annotations.NullMarked;
