/** Registries, real ones where they can show the case. */
package io.tarkiln.registry;
