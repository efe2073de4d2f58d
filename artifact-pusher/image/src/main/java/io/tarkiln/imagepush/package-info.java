/**
 * Pushes an image tar to a registry, sending only what the registry lacks.
 *
 * <p>Knows no events and no framework; the command line pushes by it, too.
 */
@NullMarked
package io.tarkiln.imagepush;

import org.jspecify.annotations.NullMarked;
