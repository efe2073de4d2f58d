/**
 * Attacks on the whole, with everything real: each asserts from outside that nothing moved. The
 * table of threats in the handbook names them.
 */
package io.tarkiln.e2e.hostile;
