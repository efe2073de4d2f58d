/** Reads and writes JSON in the one way that all of Tarkiln's documents have. */
package io.tarkiln.event.json;
