/**
 * Trees of commits: their files with those of submodules, paths resolved through links, and what is
 * left of a build context without its ignored files.
 */
package io.tarkiln.git.tree;
