/**
 * Requests of builds: options, request files, what CI says of itself, and which services changed.
 */
@NullMarked
package io.tarkiln.cli.request;

import org.jspecify.annotations.NullMarked;
