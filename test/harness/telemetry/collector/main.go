// The OpenTelemetry collector's own OTLP receiver over HTTP, and nothing behind it: every batch it
// takes is printed as one line of JSON, as the collector itself would write it. Its first line is
// where it listens.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

func main() {
	if err := serve(); err != nil {
		log.Fatal(err)
	}
}

func serve() error {
	endpoint, err := freeEndpoint()
	if err != nil {
		return err
	}
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	http := map[string]any{"protocols": map[string]any{"http": map[string]any{"endpoint": endpoint}}}
	if err := confmap.NewFromStringMap(http).Unmarshal(config); err != nil {
		return err
	}
	ctx := context.Background()
	settings := receivertest.NewNopSettings(factory.Type())
	traces, err := consumer.NewTraces(func(_ context.Context, batch ptrace.Traces) error {
		return told((&ptrace.JSONMarshaler{}).MarshalTraces(batch))
	})
	if err != nil {
		return err
	}
	logs, err := consumer.NewLogs(func(_ context.Context, batch plog.Logs) error {
		return told((&plog.JSONMarshaler{}).MarshalLogs(batch))
	})
	if err != nil {
		return err
	}
	first, err := factory.CreateTraces(ctx, settings, config, traces)
	if err != nil {
		return err
	}
	second, err := factory.CreateLogs(ctx, settings, config, logs)
	if err != nil {
		return err
	}
	host := componenttest.NewNopHost()
	for _, receiver := range []component.Component{first, second} {
		if err := receiver.Start(ctx, host); err != nil {
			return err
		}
	}
	fmt.Println(endpoint)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
	return nil
}

func told(line []byte, err error) error {
	if err == nil {
		fmt.Println(string(line))
	}
	return err
}

// The receiver does not tell which port it was given.
func freeEndpoint() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
