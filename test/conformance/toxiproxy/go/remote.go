// Stands in Toxiproxy's own Go package for its server, its proxies and its toxics, and asks a server
// that already runs for all of it over HTTP. Toxiproxy's tests, unchanged, then test that server.

package toxiproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"

	"github.com/rs/zerolog"

	"github.com/Shopify/toxiproxy/v2/toxics"
)

const base = "http://127.0.0.1:8475"

var ErrProxyAlreadyStarted = errors.New("Proxy already started")

type ApiServer struct {
	Collection *ProxyCollection
	Metrics    *metricsContainer
	Logger     *zerolog.Logger
}

func NewServer(m *metricsContainer, logger zerolog.Logger) *ApiServer {
	return &ApiServer{Collection: &ProxyCollection{}, Metrics: m, Logger: &logger}
}

// Listen does nothing: the server is there.
func (server *ApiServer) Listen(addr string) error { return nil }

type ProxyCollection struct{}

func (collection *ProxyCollection) Clear() error {
	proxies := map[string]interface{}{}
	if err := call("GET", "/proxies", nil, &proxies); err != nil {
		return err
	}
	for name := range proxies {
		if err := call("DELETE", "/proxies/"+name, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

type Proxy struct {
	Name     string           `json:"name"`
	Listen   string           `json:"listen"`
	Upstream string           `json:"upstream"`
	Enabled  bool             `json:"enabled"`
	Toxics   *ToxicCollection `json:"-"`

	isThere bool
}

var count atomic.Int64

// NewProxy gives each a name of its own: the tests use one name for many.
func NewProxy(server *ApiServer, name, listen, upstream string) *Proxy {
	unique := fmt.Sprintf("%s-%d-%d", name, os.Getpid(), count.Add(1))
	return &Proxy{
		Name:     unique,
		Listen:   listen,
		Upstream: upstream,
		Toxics:   &ToxicCollection{path: "/proxies/" + unique + "/toxics"},
	}
}

func (proxy *Proxy) Start() error {
	if proxy.Enabled {
		return ErrProxyAlreadyStarted
	}
	return proxy.change(proxy.Listen, proxy.Upstream, true)
}

func (proxy *Proxy) Stop() {
	if proxy.isThere {
		proxy.change(proxy.Listen, proxy.Upstream, false)
	}
}

func (proxy *Proxy) Update(input *Proxy) error {
	return proxy.change(input.Listen, input.Upstream, input.Enabled)
}

// Differs has no request of its own; its test is not run.
func (proxy *Proxy) Differs(other *Proxy) (bool, error) {
	return false, errors.New("not to be asked over HTTP")
}

func (proxy *Proxy) change(listen, upstream string, enabled bool) error {
	wanted := Proxy{Name: proxy.Name, Listen: listen, Upstream: upstream, Enabled: enabled}
	path := "/proxies"
	if proxy.isThere {
		path += "/" + proxy.Name
	}
	if err := call("POST", path, wanted, proxy); err != nil {
		return err
	}
	proxy.isThere = true
	return nil
}

type ToxicCollection struct{ path string }

func (c *ToxicCollection) AddToxicJson(data io.Reader) (*toxics.ToxicWrapper, error) {
	var spec map[string]interface{}
	if err := json.NewDecoder(data).Decode(&spec); err != nil {
		return nil, err
	}
	return nil, call("POST", c.path, spec, nil)
}

func (c *ToxicCollection) RemoveToxic(ctx context.Context, name string) error {
	return call("DELETE", c.path+"/"+name, nil, nil)
}

func (c *ToxicCollection) ResetToxics(ctx context.Context) {
	var list []struct{ Name string }
	if err := call("GET", c.path, nil, &list); err != nil {
		panic(err)
	}
	for _, toxic := range list {
		c.RemoveToxic(ctx, toxic.Name)
	}
}

func call(method, path string, body, result interface{}) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		return errors.New(strings.TrimSpace(string(text)))
	}
	if result == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, result)
}
