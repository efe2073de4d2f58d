/**
 * Pushes images: what a registry lacks of an image tar, then, once the whole build is there, the
 * tags.
 */
package io.tarkiln.push;
