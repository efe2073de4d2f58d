package io.tarkiln.imagetar;

/** A layer of an image, and what its bytes are. */
public record Layer(Blob blob, Compression compression) {}
