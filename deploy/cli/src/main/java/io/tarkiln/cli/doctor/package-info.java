/**
 * Checks what a build needs: this machine, the servers that the variables name, and the cluster.
 */
package io.tarkiln.cli.doctor;
