/** The {@code try} command: a stack, a sample workload and its build, on one machine. */
@NullMarked
package io.tarkiln.cli.trial;

import org.jspecify.annotations.NullMarked;
