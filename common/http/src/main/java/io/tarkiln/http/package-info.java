/**
 * How a request is sent over HTTP, by whomever: what is peculiar to Java's client is dealt with
 * here.
 *
 * <p>Knows no registry, no store and no retries. Save for the few that {@code ArchitectureTest}
 * names, no other class uses a client of Java's.
 */
@NullMarked
package io.tarkiln.http;

import org.jspecify.annotations.NullMarked;
