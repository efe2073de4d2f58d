/**
 * Measures of the code that the architecture rules hold: floors of packages, and what tests need.
 * The rules themselves are tests; nothing here is shipped.
 */
package io.tarkiln.architecture;
