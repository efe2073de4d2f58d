/** Pushes into real registries, from real S3, told over real Kafka. */
package io.tarkiln.push;
