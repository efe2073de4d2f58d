/**
 * What an image is built from, in one digest, and how the registry remembers it: beside each image
 * that was built so that it can be found again lies a small OCI artifact, under a tag made of that
 * digest. Nothing else is needed to find out that a service has not changed.
 *
 * <p>The submitter looks them up, the pusher writes them.
 */
@NullMarked
package io.tarkiln.inputs;

import org.jspecify.annotations.NullMarked;
