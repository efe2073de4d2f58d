/**
 * Builds as people see them: followed by their events, and shown on terminals, in CI and as JSON.
 */
@NullMarked
package io.tarkiln.cli.view;

import org.jspecify.annotations.NullMarked;
