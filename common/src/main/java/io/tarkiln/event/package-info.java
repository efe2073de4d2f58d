/**
 * What travels on Kafka: one record class per event type, the topics, and the CloudEvents binding.
 *
 * <p>Uses kafka-clients for record and header types only; it neither sends nor polls.
 */
package io.tarkiln.event;
