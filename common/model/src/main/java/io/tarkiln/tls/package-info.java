/** Certificates for TLS, from PEM files of an operator. Needs the JDK only. */
package io.tarkiln.tls;
