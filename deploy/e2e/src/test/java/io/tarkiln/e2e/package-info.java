/** The whole: architecture rules, and builds through all four services with everything real. */
package io.tarkiln.e2e;
