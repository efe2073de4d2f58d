/**
 * The bytes of blobs on their way to a registry: streamed, digested as they pass, and resumable.
 */
package io.tarkiln.registry.blob;
