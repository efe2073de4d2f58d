/**
 * HTTP as registries speak it: requests and answers, timeouts, retries, TLS trust, and what errors
 * mean.
 */
package io.tarkiln.registry.http;
