/** Addresses of repositories, and which hosts may be spoken to. */
@NullMarked
package io.tarkiln.git.host;

import org.jspecify.annotations.NullMarked;
