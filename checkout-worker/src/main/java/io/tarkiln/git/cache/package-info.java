/**
 * What was fetched, on disk: bare repositories, one an address, each used by one build at a time
 * and deleted when room is needed.
 */
@NullMarked
package io.tarkiln.git.cache;

import org.jspecify.annotations.NullMarked;
