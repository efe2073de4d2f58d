/**
 * When to try again what failed in passing: the one place that counts failures, says how long to
 * wait after each, and when to give up. Knows not what is tried.
 */
@NullMarked
package io.tarkiln.retry;

import org.jspecify.annotations.NullMarked;
