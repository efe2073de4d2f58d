/**
 * Requests of builds: options, request files, what CI says of itself, and which services changed.
 */
package io.tarkiln.cli.request;
