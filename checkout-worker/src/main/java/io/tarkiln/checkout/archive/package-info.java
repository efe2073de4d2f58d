/**
 * Writes build contexts as tar.gz, straight from git's objects and by the parts of the one before.
 */
@NullMarked
package io.tarkiln.checkout.archive;

import org.jspecify.annotations.NullMarked;
