/** Tests of what runs may do at registries, against a real one with a token service. */
package io.tarkiln.kaniko.access;
