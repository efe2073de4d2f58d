/**
 * The command line: one class per command. It speaks to Kafka, S3 and the registry as any other
 * program could, and knows no more than the topics and keys that are documented.
 */
@NullMarked
package io.tarkiln.cli;

import org.jspecify.annotations.NullMarked;
