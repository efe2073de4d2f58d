/**
 * Variables of Dockerfiles: which ones FROM may use, and their expansion by the rules of BuildKit's
 * shell lexer, within a budget.
 */
@NullMarked
package io.tarkiln.dockerfile.variable;

import org.jspecify.annotations.NullMarked;
