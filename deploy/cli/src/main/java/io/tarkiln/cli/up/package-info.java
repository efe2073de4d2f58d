/** The options of {@code up}, for the command line and for the program that runs it. */
@NullMarked
package io.tarkiln.cli.up;

import org.jspecify.annotations.NullMarked;
