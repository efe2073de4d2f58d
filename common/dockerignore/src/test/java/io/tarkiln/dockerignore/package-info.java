/** What is ignored, and what is not. */
package io.tarkiln.dockerignore;
