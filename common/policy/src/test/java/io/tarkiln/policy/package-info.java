/** Holds builds against policies. */
package io.tarkiln.policy;
