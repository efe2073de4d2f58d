/** Git LFS: pointers, the servers that have the contents, and the files on disk. */
@NullMarked
package io.tarkiln.git.lfs;

import org.jspecify.annotations.NullMarked;
