/** Pushes into real registries, from real S3, published over real Kafka. */
package io.tarkiln.push;
