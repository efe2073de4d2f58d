/** Checks sources out of real repositories, over real servers. */
package io.tarkiln.checkout;
