/**
 * Times the Dockerfile rewriter beside BuildKit's parser, on the same files in the same run, and on
 * files that are made to take long.
 */
package io.tarkiln.bench.rewrite;
