/** Authenticates at registries, by an account or by a token of the token service that one names. */
package io.tarkiln.registry.auth;
