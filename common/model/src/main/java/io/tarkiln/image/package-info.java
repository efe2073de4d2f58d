/** Names of images and digests, as registries write them. */
package io.tarkiln.image;
