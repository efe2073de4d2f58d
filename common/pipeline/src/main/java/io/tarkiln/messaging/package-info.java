/**
 * The one place where stages meet SmallRye Reactive Messaging and CDI.
 *
 * <p>The command line and the cores of the services do without it.
 */
@NullMarked
package io.tarkiln.messaging;

import org.jspecify.annotations.NullMarked;
