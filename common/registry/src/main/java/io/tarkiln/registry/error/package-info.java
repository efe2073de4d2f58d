/**
 * What can go wrong with a registry, in its own words and nobody else's: what that means for a
 * build or a command is decided by who pushes or looks up.
 */
@NullMarked
package io.tarkiln.registry.error;

import org.jspecify.annotations.NullMarked;
