/** Addresses of repositories, and which hosts may be spoken to. */
package io.tarkiln.git.host;
