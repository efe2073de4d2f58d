// Stands in for Kaniko's executor where a test needs thousands of builds: takes the same arguments,
// writes the same kind of image tar in milliseconds, and tells a test of each run.
//
// A Dockerfile with a RUN fails, as one does in Kaniko when there is no shell. Where the test is,
// its own file says in the last line, JSON with the field "runs"; which build this is, the build
// argument BUILD. Two runs never make the same image, as with Kaniko.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path"
	"strings"
)

func main() {
	if os.Args[len(os.Args)-1] == "version" {
		fmt.Println("a stand-in for Kaniko")
		return
	}
	arguments := map[string]string{}
	for _, argument := range os.Args[1:] {
		name, value, _ := strings.Cut(argument, "=")
		if name == "--build-arg" {
			name, value, _ = strings.Cut(value, "=")
		}
		arguments[name] = value
	}
	if err := build(arguments); err != nil {
		fmt.Println("error building image: " + err.Error())
		os.Exit(1)
	}
}

func build(arguments map[string]string) error {
	tarPath := arguments["--tar-path"]
	// The cache repository is named by workload and service; the tests' workloads have no dash.
	_, service, _ := strings.Cut(path.Base(arguments["--cache-repo"]), "-")
	run := arguments["BUILD"] + "/" + service
	tell("begin", run)
	fmt.Println("first line of " + run)
	dockerfile, err := os.ReadFile(arguments["--dockerfile"])
	if err != nil {
		return err
	}
	if strings.Contains(string(dockerfile), "\nRUN ") {
		fmt.Println("last line of " + run)
		tell("end", run)
		return fmt.Errorf("failed to execute command: fork/exec /bin/sh: no such file or directory")
	}
	content, err := image(run, dockerfile)
	if err != nil {
		return err
	}
	if err := os.WriteFile(tarPath, content, 0o644); err != nil {
		return err
	}
	fmt.Println("last line of " + run)
	tell("end", run)
	return nil
}

// An image of one layer with the Dockerfile in it and something that is never the same.
func image(run string, dockerfile []byte) ([]byte, error) {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	layer, err := archive(
		file{"copied", dockerfile}, file{"run", []byte(run)}, file{"nonce", nonce})
	if err != nil {
		return nil, err
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	if _, err := zip.Write(layer); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux", "config": map[string]any{},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest(layer)}},
	})
	if err != nil {
		return nil, err
	}
	layerName, configName := digest(zipped.Bytes())+".tar.gz", "sha256:"+digest(config)
	manifest, err := json.Marshal([]map[string]any{
		{"Config": configName, "RepoTags": []string{}, "Layers": []string{layerName}},
	})
	if err != nil {
		return nil, err
	}
	return archive(
		file{configName, config}, file{layerName, zipped.Bytes()}, file{"manifest.json", manifest})
}

type file struct {
	name    string
	content []byte
}

func archive(files ...file) ([]byte, error) {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, each := range files {
		header := &tar.Header{Name: each.name, Size: int64(len(each.content)), Mode: 0o644}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(each.content); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Tells the test, if there is one that wants to know.
func tell(what, run string) {
	content, err := os.ReadFile("/kaniko/executor")
	content = content[bytes.LastIndex(content, []byte("\n"))+1:]
	var config struct {
		Runs string `json:"runs"`
	}
	if err != nil || json.Unmarshal(content, &config) != nil || config.Runs == "" {
		return
	}
	answer, err := http.Post(config.Runs+"/"+what+"/"+run, "text/plain", nil)
	if err != nil {
		fmt.Println("cannot tell the test: " + err.Error())
		os.Exit(1)
	}
	answer.Body.Close()
}
