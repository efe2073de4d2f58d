/**
 * The one place where stages meet SmallRye Reactive Messaging and CDI.
 *
 * <p>The command line and the cores of the services do without it.
 */
package io.tarkiln.messaging;
