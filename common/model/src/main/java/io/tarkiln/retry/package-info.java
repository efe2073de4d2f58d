/** When to try again what failed in passing. Waits nowhere and knows not what is tried. */
package io.tarkiln.retry;
