/**
 * HTTP as registries speak it: requests and answers, timeouts, retries, TLS trust, and what errors
 * mean.
 */
@NullMarked
package io.tarkiln.registry.http;

import org.jspecify.annotations.NullMarked;
