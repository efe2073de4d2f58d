/** Names of images and digests, as registries write them. */
@NullMarked
package io.tarkiln.image;

import org.jspecify.annotations.NullMarked;
