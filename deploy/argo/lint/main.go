// Command lint holds Tarkiln's ClusterWorkflowTemplate, and Workflows that refer to it, against Argo's
// own validation, and prints what Argo's own substitution makes of each Workflow.
//
// Usage: lint TEMPLATE.yaml [WORKFLOW.json...]
//
// For each Workflow one line of JSON goes to stdout, with the container's command and arguments, and
// which containers see which volumes and Secrets. Exit status 1 with a sentence on stderr when anything is not valid.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/common"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// none is a namespace without WorkflowTemplates.
type none struct{}

func (none) Get(name string) (*wfv1.WorkflowTemplate, error) {
	return nil, fmt.Errorf("no WorkflowTemplate %q", name)
}

// cluster has one ClusterWorkflowTemplate.
type cluster struct {
	template *wfv1.ClusterWorkflowTemplate
}

func (c cluster) Get(name string) (*wfv1.ClusterWorkflowTemplate, error) {
	if name != c.template.Name {
		return nil, fmt.Errorf("no ClusterWorkflowTemplate %q", name)
	}
	return c.template, nil
}

type rendered struct {
	Command []string `json:"command"`
	Args    []string `json:"args"`
	// Secrets has the names of Secrets by volume.
	Secrets map[string]string `json:"secrets"`
	// Mounts has for each container where volumes are, as "volume:path".
	Mounts map[string][]string `json:"mounts"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: lint TEMPLATE.yaml [WORKFLOW.json...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
		os.Exit(1)
	}
}

func run(templateFile string, workflowFiles []string) error {
	template := &wfv1.ClusterWorkflowTemplate{}
	if err := read(templateFile, template); err != nil {
		return err
	}
	c := cluster{template: template}
	if err := validate.ValidateClusterWorkflowTemplate(none{}, c, template, nil, validate.ValidateOpts{Lint: true}); err != nil {
		return fmt.Errorf("%s: %w", templateFile, err)
	}
	for _, file := range workflowFiles {
		workflow := &wfv1.Workflow{}
		if err := read(file, workflow); err != nil {
			return err
		}
		if err := validate.ValidateWorkflow(none{}, c, workflow, nil, validate.ValidateOpts{Lint: true}); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		line, err := render(template, workflow)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		fmt.Println(string(line))
	}
	return nil
}

// read takes a manifest and refuses fields that Argo does not know.
func read(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// render substitutes as Argo's controller does: several times over, which is why a value that
// reads like a template of Argo's would be one.
func render(template *wfv1.ClusterWorkflowTemplate, workflow *wfv1.Workflow) ([]byte, error) {
	// The controller has the whole list under these names too.
	params := common.Parameters{"workflow.parameters": "[]", "workflow.parameters.json": "[]", "workflow.name": workflow.Name}
	for _, list := range [][]wfv1.Parameter{template.Spec.Arguments.Parameters, workflow.Spec.Arguments.Parameters} {
		for _, parameter := range list {
			if parameter.Value != nil {
				params["workflow.parameters."+parameter.Name] = parameter.Value.String()
			}
		}
	}
	done := template.GetTemplateByName(template.Spec.Entrypoint)
	for range 2 {
		var err error
		if done, err = common.SubstituteParams(done, params, common.Parameters{common.LocalVarPodName: "pod"}); err != nil {
			return nil, err
		}
	}
	result := rendered{
		Command: done.Container.Command,
		Args:    done.Container.Args,
		Secrets: map[string]string{},
		Mounts:  map[string][]string{},
	}
	for _, volume := range done.Volumes {
		if volume.Secret != nil {
			result.Secrets[volume.Name] = volume.Secret.SecretName
		}
	}
	mounts(result.Mounts, "main", done.Container.VolumeMounts)
	for _, container := range done.InitContainers {
		mounts(result.Mounts, container.Name, container.VolumeMounts)
	}
	line, err := json.Marshal(result)
	if err == nil && strings.Contains(string(line), "{{") {
		err = fmt.Errorf("something was not substituted: %s", line)
	}
	return line, err
}

func mounts(all map[string][]string, container string, of []corev1.VolumeMount) {
	for _, mount := range of {
		all[container] = append(all[container], mount.Name+":"+mount.MountPath)
	}
}
