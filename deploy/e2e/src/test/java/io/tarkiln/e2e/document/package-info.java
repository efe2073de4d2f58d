/**
 * Reads the pages of the repository and what they can be held against: files, variables in the
 * code, and the help of commands. Judges nothing.
 */
package io.tarkiln.e2e.document;
