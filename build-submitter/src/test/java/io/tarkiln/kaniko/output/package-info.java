/** Tests of what is made of Kaniko's output. */
package io.tarkiln.kaniko.output;
