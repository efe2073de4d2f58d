/** Tests of what all engines share. */
package io.tarkiln.kaniko;
