/**
 * Times the Dockerfile rewriter beside BuildKit's parser, on the same files in the same run, and on
 * files that are made to take long.
 */
@NullMarked
package io.tarkiln.bench.rewrite;

import org.jspecify.annotations.NullMarked;
