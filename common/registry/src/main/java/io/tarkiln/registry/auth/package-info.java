/** Authenticates at registries, by an account or by a token of the token service that one names. */
@NullMarked
package io.tarkiln.registry.auth;

import org.jspecify.annotations.NullMarked;
