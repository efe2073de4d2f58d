/**
 * The network that what runs in a build sees on this machine: a namespace of its own, in which
 * {@code pasta} stands for the way out and rules of routing say where that leads.
 *
 * <p>Knows nothing of Kaniko and of how it is launched.
 */
@NullMarked
package io.tarkiln.kaniko.network;

import org.jspecify.annotations.NullMarked;
