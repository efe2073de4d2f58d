/**
 * What every pipeline stage does alike: read a record, do the step once its turn has come, try
 * again what is unavailable, end the build at what is rejected, and say when all of it is durable.
 *
 * <p>Knows records, but no messaging framework.
 */
@NullMarked
package io.tarkiln.pipeline;

import org.jspecify.annotations.NullMarked;
