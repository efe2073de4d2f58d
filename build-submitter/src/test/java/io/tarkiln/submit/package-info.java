/** Tests of what is submitted and what is not. */
package io.tarkiln.submit;
