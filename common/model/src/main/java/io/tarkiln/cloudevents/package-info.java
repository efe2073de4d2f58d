/**
 * Events as Kafka records: CloudEvents in binary mode, and the records of the dead letter topic.
 *
 * <p>Uses kafka-clients for record and header types only; it neither sends nor polls.
 */
@NullMarked
package io.tarkiln.cloudevents;

import org.jspecify.annotations.NullMarked;
