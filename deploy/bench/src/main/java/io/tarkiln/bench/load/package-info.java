/**
 * Many builds at once through the real services, with an engine that takes no time: what the
 * pipeline itself costs.
 */
@NullMarked
package io.tarkiln.bench.load;

import org.jspecify.annotations.NullMarked;
