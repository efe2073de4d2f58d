/** The {@code try} command: a stack, a sample workload and its build, on one machine. */
package io.tarkiln.cli.trial;
