/**
 * Builds as people see them: followed by their events, and shown on terminals, in CI and as JSON.
 */
package io.tarkiln.cli.view;
