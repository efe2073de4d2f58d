package io.tarkiln.dockerfile.syntax;

/**
 * Why a file is no Dockerfile.
 *
 * @param line from 1
 */
public record ParseError(int line, String message) {}
