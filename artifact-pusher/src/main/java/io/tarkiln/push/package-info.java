/**
 * Pushes images: what a registry lacks of an image tar, then, once the whole build is there, the
 * tags.
 */
@NullMarked
package io.tarkiln.push;

import org.jspecify.annotations.NullMarked;
