/**
 * Accounts at registries, where Docker keeps them: in {@code config.json} and in credential
 * helpers.
 */
@NullMarked
package io.tarkiln.registry.credentials;

import org.jspecify.annotations.NullMarked;
