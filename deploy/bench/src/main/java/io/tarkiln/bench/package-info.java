/**
 * Times Tarkiln's parts against what people use today, in pairs: each round runs both, so that a
 * noisy machine disturbs both alike, and what counts is the ratio of their medians.
 */
@NullMarked
package io.tarkiln.bench;

import org.jspecify.annotations.NullMarked;
