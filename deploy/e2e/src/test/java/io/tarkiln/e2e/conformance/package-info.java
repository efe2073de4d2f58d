/**
 * Holds images that the product builds against those that BuildKit builds from the same Dockerfile.
 * Cases are data, below {@code src/test/resources} in a folder of the same name, where README.md
 * says how to add one.
 */
package io.tarkiln.e2e.conformance;
