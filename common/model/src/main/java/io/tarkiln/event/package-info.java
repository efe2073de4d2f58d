/** What travels on Kafka: one record class per event type, and the topics. */
package io.tarkiln.event;
