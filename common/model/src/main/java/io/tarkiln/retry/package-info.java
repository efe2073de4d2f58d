/** When to try again what failed in passing. Waits nowhere and knows not what is tried. */
@NullMarked
package io.tarkiln.retry;

import org.jspecify.annotations.NullMarked;
