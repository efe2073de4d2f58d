/**
 * Servers for the tests of every module: Kafka, git over http, and servers that answer as a test
 * says. Knows nothing of builds.
 */
@NullMarked
package io.tarkiln.testkit;

import org.jspecify.annotations.NullMarked;
