/** Tests of the local engine, with the real Kaniko, S3 and registry. */
package io.tarkiln.kaniko.local;
