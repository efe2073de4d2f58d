/** Rewrites the Dockerfiles of builds: the step, and the listener that feeds it. */
@NullMarked
package io.tarkiln.rewrite;

import org.jspecify.annotations.NullMarked;
