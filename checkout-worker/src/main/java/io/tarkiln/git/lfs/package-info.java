/** Git LFS: pointers, the servers that have the contents, and the files on disk. */
package io.tarkiln.git.lfs;
