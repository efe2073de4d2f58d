/**
 * Has an engine run Kaniko for each service of a build: what a run is, Kaniko's arguments, and what
 * an engine must do.
 *
 * <p>An engine either runs Kaniko here ({@code io.tarkiln.kaniko.local}) or hands the run over and
 * learns the end later. Kaniko gets a build context and leaves an image tar; it holds no right to
 * push images or to read git.
 */
@NullMarked
package io.tarkiln.kaniko;

import org.jspecify.annotations.NullMarked;
