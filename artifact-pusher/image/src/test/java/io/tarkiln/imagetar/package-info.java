/** Image tars, honest and hostile. */
package io.tarkiln.imagetar;
