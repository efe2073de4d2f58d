/**
 * Checks what a build needs: this machine, the servers that the variables name, and the cluster.
 */
@NullMarked
package io.tarkiln.cli.doctor;

import org.jspecify.annotations.NullMarked;
