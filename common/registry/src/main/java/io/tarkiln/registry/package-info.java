/**
 * Speaks to a registry: the OCI distribution specification's API with Docker's authentication. One
 * class per thing that a registry can be asked.
 *
 * <p>Credentials go to the registry's own host and to the token service that it names, and nowhere
 * else; they are in no message and no log.
 */
@NullMarked
package io.tarkiln.registry;

import org.jspecify.annotations.NullMarked;
