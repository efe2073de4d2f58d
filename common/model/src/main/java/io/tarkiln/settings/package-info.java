/**
 * Where things are: the same variable names for the services and the command line.
 *
 * <p>Reads text and answers values; connects to nothing.
 */
@NullMarked
package io.tarkiln.settings;

import org.jspecify.annotations.NullMarked;
