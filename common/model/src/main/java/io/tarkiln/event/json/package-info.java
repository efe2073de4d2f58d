/** Reads and writes JSON in the one way that all of Tarkiln's documents have. */
@NullMarked
package io.tarkiln.event.json;

import org.jspecify.annotations.NullMarked;
