/** Rewrites the Dockerfiles of builds: the step, and the listener that feeds it. */
package io.tarkiln.rewrite;
