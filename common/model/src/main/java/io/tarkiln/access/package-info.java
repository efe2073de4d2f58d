/**
 * Which account may write and read which topic. Only the table lives here: who holds it is the
 * broker's authorizer.
 */
@NullMarked
package io.tarkiln.access;

import org.jspecify.annotations.NullMarked;
