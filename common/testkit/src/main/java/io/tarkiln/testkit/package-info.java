/**
 * Servers for the tests of every module: Kafka, git over http, and servers that answer as a test
 * says. Knows nothing of builds.
 */
package io.tarkiln.testkit;
