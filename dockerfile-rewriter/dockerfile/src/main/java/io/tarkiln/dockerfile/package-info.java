/**
 * Edits the names of base images in Dockerfiles, byte for byte preserving everything else.
 *
 * <p>Reads a file as BuildKit does, in three steps: {@link
 * io.tarkiln.dockerfile.syntax.InstructionParser} finds the instructions and where each byte of
 * them stands, {@link io.tarkiln.dockerfile.ImageRewriter} decides about every operand that names
 * an image, and {@link io.tarkiln.dockerfile.DockerfileRewriter} splices the edits in. Needs
 * nothing but the JDK.
 */
@NullMarked
package io.tarkiln.dockerfile;

import org.jspecify.annotations.NullMarked;
