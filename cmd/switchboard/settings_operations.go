package main

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"time"
)

// operationSettings concern the operations of callers, and the operation of the
// server.
type operationSettings struct {
	quotaSettings   `embed:""`
	budgetSettings  `embed:""`
	schemaSettings  `embed:""`
	networkSettings `embed:""`

	retentionSettings `embed:""`
	webhookSettings   `embed:""`
	sinkSettings      `embed:""`
}

// quotaSettings bound the work that callers may cause. 0 is no bound.
type quotaSettings struct {
	MaxCost                   int           `help:"Largest cost of one operation: about the number of objects that it can return." default:"20000"`
	CostPerSecond             int           `help:"Cost that a principal may use each second, on and on; 0 for no bound." default:"10000"`
	CostBurst                 int           `help:"Cost that a principal may save up for a burst." default:"100000"`
	MaxOperations             int           `help:"Queries and mutations that may run at once; 0 for no bound." default:"2000"`
	MaxOperationsPerAddress   int           `help:"As --max-operations, from one address." default:"1000"`
	MaxOperationsPerPrincipal int           `help:"As --max-operations, by one principal." default:"200"`
	MaxConnections            int           `help:"Sockets and event streams that may be open at once." default:"50000"`
	MaxConnectionsPerAddress  int           `help:"As --max-connections, from one address." default:"10000"`
	MaxConnectionsPerIdentity int           `help:"As --max-connections, of one identity." default:"1000"`
	OperationTimeout          time.Duration `help:"How long a query or mutation may take; 0 for no bound." default:"30s"`
}

// schemaSettings decide which callers may send which documents.
type schemaSettings struct {
	Introspection          string   `help:"Callers that may read the schema: all, members or off. Contacts never may." default:"all"`
	TrustedDocuments       string   `help:"JSON file of ids and documents that clients may name by documentId or by their SHA-256." placeholder:"FILE"`
	TrustedDocumentsMode   string   `help:"Handling of other documents: off (the file is not used), prefer (they are accepted) or only (they are refused)." default:"off"`
	TrustedDocumentsExempt []string `help:"Role whose members may send any document all the same, for the playground; may be repeated." placeholder:"ROLE"`
}

// networkSettings are about how the server is reached.
type networkSettings struct {
	TLSCert        string        `help:"Certificate chain in PEM; a new one is taken up without a restart. Needs --tls-key." name:"tls-cert" placeholder:"FILE"`
	TLSKey         string        `help:"Private key in PEM." name:"tls-key" placeholder:"FILE"`
	MetricsAddr    string        `help:"Address for /metrics, /livez and /readyz, without any authentication: keep it to yourself. None when empty." placeholder:"ADDR"`
	Heartbeat      time.Duration `help:"How long MongoDB's change stream may be silent before it is tested with a write; 0 for no test." default:"5s"`
	SlowOperation  time.Duration `help:"How long a query or mutation may take until the log warns of it; 0 for no warning." default:"1s"`
	TraceEndpoint  string        `help:"URL that traces are sent to by OTLP over HTTP. The variables OTEL_* count too. None when empty." placeholder:"URL"`
	TrustedProxies []string      `help:"Network of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be repeated." placeholder:"CIDR"`
}

func (s *operationSettings) check(c *checks) {
	s.quotaSettings.check(c)
	s.budgetSettings.check(c)
	s.schemaSettings.check(c)
	s.networkSettings.check(c)
	s.retentionSettings.check(c)
	s.webhookSettings.check(c)
	s.sinkSettings.check(c)
}

func (s *quotaSettings) check(c *checks) {
	for _, one := range []struct {
		name         string
		value, least int
	}{
		{"max-cost", s.MaxCost, 1}, {"cost-per-second", s.CostPerSecond, 0}, {"cost-burst", s.CostBurst, 1}, {"max-operations", s.MaxOperations, 0},
		{"max-operations-per-address", s.MaxOperationsPerAddress, 0}, {"max-operations-per-principal", s.MaxOperationsPerPrincipal, 0},
		{"max-connections", s.MaxConnections, 1}, {"max-connections-per-address", s.MaxConnectionsPerAddress, 1}, {"max-connections-per-identity", s.MaxConnectionsPerIdentity, 1},
	} {
		if one.value < one.least {
			c.wrong(one.name, "--"+one.name+" 1000", "%d is less than %d", one.value, one.least)
		}
	}
	if s.OperationTimeout < 0 {
		c.wrong("operation-timeout", "--operation-timeout 30s", "%s is less than nothing", s.OperationTimeout)
	}
}

func (s *schemaSettings) check(c *checks) {
	const example = "--trusted-documents ./documents.json --trusted-documents-mode only"
	c.oneOf("introspection", s.Introspection, "all", "members", "off")
	c.oneOf("trusted-documents-mode", s.TrustedDocumentsMode, "off", "prefer", "only")
	switch on := s.TrustedDocumentsMode == "prefer" || s.TrustedDocumentsMode == "only"; {
	case on && s.TrustedDocuments == "":
		c.wrong("trusted-documents-mode", example, "%q needs --trusted-documents", s.TrustedDocumentsMode)
	case s.TrustedDocuments != "" && !isFile(s.TrustedDocuments):
		c.wrong("trusted-documents", example, "there is no file %q that can be read", s.TrustedDocuments)
	case len(s.TrustedDocumentsExempt) > 0 && s.TrustedDocumentsMode != "only":
		c.wrong("trusted-documents-exempt", example+" --trusted-documents-exempt admin", "it has no effect without --trusted-documents-mode only")
	}
}

func (s *networkSettings) check(c *checks) {
	const example = "--tls-cert ./server.pem --tls-key ./server.key"
	for _, file := range [][2]string{{"tls-cert", s.TLSCert}, {"tls-key", s.TLSKey}} {
		if file[1] != "" && !isFile(file[1]) {
			c.wrong(file[0], example, "there is no file %q that can be read", file[1])
		}
	}
	switch {
	case s.TLSCert != "" && s.TLSKey == "":
		c.wrong("tls-cert", example, "needs --tls-key")
	case s.TLSCert == "" && s.TLSKey != "":
		c.wrong("tls-key", example, "needs --tls-cert")
	}
	if s.Heartbeat < 0 {
		c.wrong("heartbeat", "--heartbeat 5s", "%s is less than nothing", s.Heartbeat)
	}
	if u, err := url.Parse(s.TraceEndpoint); s.TraceEndpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		c.wrong("trace-endpoint", "--trace-endpoint http://127.0.0.1:4318/v1/traces", "%q is not an address with http or https", s.TraceEndpoint)
	}
	if s.SlowOperation < 0 {
		c.wrong("slow-operation", "--slow-operation 1s", "%s is less than nothing", s.SlowOperation)
	}
	if s.MetricsAddr != "" {
		c.address("metrics-addr", "--metrics-addr 127.0.0.1:9090", s.MetricsAddr)
	}
	for _, proxy := range s.TrustedProxies {
		if _, err := netip.ParsePrefix(proxy); err != nil {
			c.wrong("trusted-proxies", "--trusted-proxies 10.0.0.0/8", "%q is not a network", proxy)
		}
	}
}

// address notes when value is not something to listen on.
func (c *checks) address(setting, example, value string) {
	_, port, err := net.SplitHostPort(value)
	if number, numErr := strconv.Atoi(port); err != nil {
		c.wrong(setting, example, "%q is not a host and a port with a colon between", value)
	} else if numErr != nil || number < 0 || number > 65535 {
		c.wrong(setting, example, "%q is not a port from 0 to 65535", port)
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
