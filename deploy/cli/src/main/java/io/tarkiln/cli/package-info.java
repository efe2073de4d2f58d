/**
 * The command line: one class per command. It speaks to Kafka, S3 and the registry as any other
 * program could, and knows no more than the topics and keys that are documented.
 */
package io.tarkiln.cli;
