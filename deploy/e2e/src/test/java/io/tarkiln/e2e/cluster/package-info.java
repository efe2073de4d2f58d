/** What the scripts of {@code deploy/e2e/cluster} need to look at a cluster from outside. */
package io.tarkiln.e2e.cluster;
