/**
 * Fetches from git servers: http, ssh and git's own protocol, accounts and keys, and the bounds of
 * a fetch.
 *
 * <p>Repositories and servers come from strangers: nothing of theirs is executed, and no git
 * configuration but our own is read.
 */
@NullMarked
package io.tarkiln.git;

import org.jspecify.annotations.NullMarked;
