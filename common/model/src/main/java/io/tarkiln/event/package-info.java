/** What travels on Kafka: one record class per event type, and the topics. */
@NullMarked
package io.tarkiln.event;

import org.jspecify.annotations.NullMarked;
