/**
 * Changes to a Dockerfile's text: words of an instruction that are replaced, and lines that are
 * added.
 *
 * <p>What is to be changed is decided elsewhere.
 */
@NullMarked
package io.tarkiln.dockerfile.edit;

import org.jspecify.annotations.NullMarked;
