/**
 * Measures of the code that the architecture rules hold: floors of packages, and what tests need.
 * The rules themselves are tests; nothing here is shipped.
 */
@NullMarked
package io.tarkiln.architecture;

import org.jspecify.annotations.NullMarked;
