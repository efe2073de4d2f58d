/** What the build-submitter adds to a build on Argo, apart from Argo's and the kubelet's time. */
@NullMarked
package io.tarkiln.bench.submit;

import org.jspecify.annotations.NullMarked;
