/** Times the checkout-worker against what a CI job does: clone, tar, gzip and upload. */
@NullMarked
package io.tarkiln.bench.checkout;

import org.jspecify.annotations.NullMarked;
