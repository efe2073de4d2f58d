/**
 * Changes to a Dockerfile's text: words of an instruction that are replaced, and lines that are
 * added.
 *
 * <p>What is to be changed is decided elsewhere.
 */
package io.tarkiln.dockerfile.edit;
