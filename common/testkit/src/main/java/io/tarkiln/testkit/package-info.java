/**
 * Servers and programs for the tests of every module: Kafka, a registry, git over http, the
 * services as processes, servers that answer as a test says. Knows nothing of builds.
 */
@NullMarked
package io.tarkiln.testkit;

import org.jspecify.annotations.NullMarked;
