// Decodes Kubernetes manifests with Kubernetes' own types, strictly: a field that the API does not
// know is an error, and so is one that is given twice or of the wrong kind. Prints kind and name of
// each document, and ends with 1 when one was refused.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	code := 0
	for _, path := range os.Args[1:] {
		if err := check(path, decoder); err != nil {
			fmt.Printf("%s: error: %v\n", path, err)
			code = 1
		}
	}
	os.Exit(code)
}

func check(path string, decoder runtime.Decoder) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	documents := yaml.NewYAMLReader(bufio.NewReader(file))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object, kind, err := decoder.Decode(document, nil, nil)
		if err != nil {
			return err
		}
		named, isNamed := object.(interface{ GetName() string })
		if !isNamed || named.GetName() == "" {
			return fmt.Errorf("a %s has no name", kind.Kind)
		}
		fmt.Printf("%s: %s %s\n", path, kind.Kind, named.GetName())
	}
}
