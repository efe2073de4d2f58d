/** Times the checkout-worker against what a CI job does: clone, tar, gzip and upload. */
package io.tarkiln.bench.checkout;
