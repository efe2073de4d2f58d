/**
 * The syntax of Dockerfiles, as BuildKit's parser has it: directives, lines, instructions, words,
 * heredocs and JSON forms, each with its place in the file.
 */
@NullMarked
package io.tarkiln.dockerfile.syntax;

import org.jspecify.annotations.NullMarked;
