/**
 * The engine that runs Kaniko on this machine, some runs at once, each in a directory of its own
 * that is deleted whatever happens.
 *
 * <p>How a process of Kaniko is started is {@code io.tarkiln.kaniko.launch}'s business.
 */
@NullMarked
package io.tarkiln.kaniko.local;

import org.jspecify.annotations.NullMarked;
