/**
 * Brings the sources of a build into S3: finds the commit, fetches no more than it needs, and
 * streams build contexts straight from git's objects.
 *
 * <p>Repositories come from strangers: nothing in them is executed, and no git configuration but
 * our own is read.
 */
@NullMarked
package io.tarkiln.checkout;

import org.jspecify.annotations.NullMarked;
