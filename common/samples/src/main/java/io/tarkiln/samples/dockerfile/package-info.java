/** Dockerfiles: those of the rewriter's specification, hostile ones, and such as chance writes. */
@NullMarked
package io.tarkiln.samples.dockerfile;

import org.jspecify.annotations.NullMarked;
