/**
 * Trees of commits: their files with those of submodules, paths resolved through links, and what is
 * left of a build context without its ignored files.
 */
@NullMarked
package io.tarkiln.git.tree;

import org.jspecify.annotations.NullMarked;
