// Whose definitions of custom resources ChartTest has the API server check the chart's by. Nothing is
// compiled of these.
module io.tarkiln/helm/schemas

go 1.24

require (
	github.com/kedacore/keda/v2 v2.18.1
	github.com/prometheus-operator/prometheus-operator v0.75.0
)
