package io.tarkiln.dockerfile;

import java.util.List;

/**
 * One instruction.
 *
 * @param line its first line in the file, from 1
 * @param keyword in upper case
 * @param flags the words that begin with two dashes, before the rest
 * @param words the rest, split at white space, of FROM, ARG, ENV and LABEL; quotes are part of
 *     words
 * @param rest what follows the flags, without white space at its ends
 */
record Instruction(int line, String keyword, List<Token> flags, List<Token> words, String rest) {}
