/** Certificates for TLS, from PEM files of an operator. Needs the JDK only. */
@NullMarked
package io.tarkiln.tls;

import org.jspecify.annotations.NullMarked;
