/** Servers for the tests of every module. */
package io.tarkiln.embedded;
