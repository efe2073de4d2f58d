/** Tests of the networks that builds get. */
package io.tarkiln.kaniko.network;
