/** What the build-submitter adds to a build on Argo, apart from Argo's and the kubelet's time. */
package io.tarkiln.bench.submit;
