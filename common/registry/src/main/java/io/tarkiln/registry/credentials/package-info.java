/**
 * Accounts at registries, where Docker keeps them: in {@code config.json} and in credential
 * helpers.
 */
package io.tarkiln.registry.credentials;
