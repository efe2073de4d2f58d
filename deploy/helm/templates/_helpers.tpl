{{/* The four services: key in values, name, topic that it consumes. */}}
{{- define "tarkiln.services" -}}
- {key: checkoutWorker, name: checkout-worker, topic: build-requested}
- {key: dockerfileRewriter, name: dockerfile-rewriter, topic: source-checked-out}
- {key: buildSubmitter, name: build-submitter, topic: dockerfile-rewritten}
- {key: artifactPusher, name: artifact-pusher, topic: image-built}
{{- end }}

{{- define "tarkiln.topics" -}}
[build-requested, source-checked-out, dockerfile-rewritten, build-submitted, build-log, image-built, image-pushed, build-cancel-requested, build-finished, dead-letter]
{{- end }}

{{/* What each account of Kafka's may do; the table is io.tarkiln.access.Role. */}}
{{- define "tarkiln.roles" -}}
ci:
  write: [build-requested, build-cancel-requested]
  read: [build-requested, source-checked-out, dockerfile-rewritten, build-submitted, build-log, image-built, image-pushed, build-cancel-requested, build-finished]
  groups: []
checkout-worker:
  write: [source-checked-out, image-built, build-log, build-finished, dead-letter]
  read: [build-requested, build-cancel-requested]
  groups: [tarkiln-checkout-worker, tarkiln-cancellation]
dockerfile-rewriter:
  write: [dockerfile-rewritten, build-log, build-finished, dead-letter]
  read: [source-checked-out, build-cancel-requested]
  groups: [tarkiln-dockerfile-rewriter, tarkiln-cancellation]
build-submitter:
  write: [build-submitted, image-built, build-log, build-finished, dead-letter]
  read: [dockerfile-rewritten, build-finished, build-cancel-requested]
  groups: ["tarkiln-build-submitter*", tarkiln-cancellation]
artifact-pusher:
  write: [image-pushed, build-log, build-finished, dead-letter]
  read: [image-built, build-cancel-requested]
  groups: [tarkiln-artifact-pusher, tarkiln-cancellation]
watcher:
  write: []
  read: [build-requested, source-checked-out, dockerfile-rewritten, build-submitted, build-log, image-built, image-pushed, build-cancel-requested, build-finished]
  groups: []
operator:
  write: {{ include "tarkiln.topics" . }}
  read: {{ include "tarkiln.topics" . }}
  groups: ["tarkiln-*"]
{{- end }}

{{/* Name of a service's resources; the build-submitter's is also its account's in deploy/argo. */}}
{{- define "tarkiln.name" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "tarkiln.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "tarkiln.labels" -}}
app.kubernetes.io/part-of: tarkiln
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "tarkiln.argoNamespace" -}}
{{- .Values.argo.namespace | default .Release.Namespace }}
{{- end }}

{{/* docker.io=harbor.example.com/proxy,... */}}
{{- define "tarkiln.proxyProjects" -}}
{{- $pairs := list }}
{{- range $host, $project := .Values.proxyProjects }}
{{- $pairs = append $pairs (printf "%s=%s" $host $project) }}
{{- end }}
{{- join "," $pairs }}
{{- end }}
