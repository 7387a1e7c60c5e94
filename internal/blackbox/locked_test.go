package blackbox_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
	"switchboard/web"
)

// A server that is locked down takes trusted documents only, but for those with a
// role that is exempt, and lets people alone read the schema.
func TestALockedDownServer(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	file := filepath.Join(t.TempDir(), "documents.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"me": "query Me { viewer { member { name } aiAgent { name } } }", "schema": "{ __schema { queryType { name } } }"}`), 0o600))
	s := demo(t, "--memory", "--trusted-documents", file, "--trusted-documents-mode", "only", "--trusted-documents-exempt", "owner", "--introspection", "members")
	d := s.desk(t, "demo")
	ask := func(c *client, body string) answer {
		t.Helper()
		a, err := c.post(t.Context(), strings.NewReader(body))
		require.NoError(t, err)
		return a
	}
	const free = `{"query": "{ viewer { workspace { name } } }"}`
	require.NotNil(t, ask(d.agent1, `{"documentId": "me"}`).at("viewer.member.name"))
	require.NotNil(t, ask(d.owner, free).at("viewer.workspace.name"))
	for _, c := range []*client{d.agent1, d.manager, d.ai, s.as(t, "demo contact")} {
		require.Equal(t, "TRUSTED_DOCUMENT_REQUIRED", ask(c, free).code())
		require.Equal(t, "PERSISTED_QUERY_NOT_FOUND", ask(c, `{"documentId": "you"}`).code())
	}
	for _, c := range []*client{d.owner, d.manager, d.agent1} {
		require.Equal(t, "Query", ask(c, `{"documentId": "schema"}`).at("__schema.queryType.name"))
	}
	for _, c := range []*client{d.ai, s.as(t, "demo contact")} {
		require.Equal(t, "INTROSPECTION_DISABLED", ask(c, `{"documentId": "schema"}`).code())
	}
	pagesMaySendTheirs(t, d, ask)
	socket := d.agent1.connect()
	require.Equal(t, "TRUSTED_DOCUMENT_REQUIRED", socket.subscribe(eventsQuery, nil).refused())
}

// pagesMaySendTheirs tries each document that the pages ship with, as their client
// prints it: without variables most are refused, but not because nobody vouches for them.
func pagesMaySendTheirs(t *testing.T, d *desk, ask func(*client, string) answer) {
	t.Helper()
	var manifest struct{ Operations []struct{ Body string } }
	if data := web.Documents(); data != nil || os.Getenv("SWITCHBOARD_TEST_REQUIRE_NODE") != "" {
		require.NoError(t, json.Unmarshal(data, &manifest), "build the pages first: make build")
		require.NotEmpty(t, manifest.Operations)
	}
	for _, operation := range manifest.Operations {
		body, err := json.Marshal(map[string]string{"query": strings.Join(strings.Fields(operation.Body), " ")})
		require.NoError(t, err)
		require.NotEqual(t, "TRUSTED_DOCUMENT_REQUIRED", ask(d.agent1, string(body)).code(), operation.Body)
	}
}

// Everything is encrypted with the certificate that is named, and browsers are
// told to stay with that.
func TestAnEncryptedServer(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	certFile, keyFile, pool := ownCertificate(t)
	p := start(t, []string{"serve", "--memory", "--addr", "127.0.0.1:0", "--tls-cert", certFile, "--tls-key", keyFile})
	address := regexp.MustCompile(`(?m)^GraphQL +https://(\S+)/graphql$`)
	p.until(&p.out, "its address", address.MatchString)
	addr := address.FindStringSubmatch(p.out.String())[1]
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+addr+"/graphql", strings.NewReader(`{"query":"{ viewer { permissions } }"}`))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Transport: transport}).Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	require.Equal(t, "max-age=31536000", resp.Header.Get("Strict-Transport-Security"))
	require.GreaterOrEqual(t, resp.TLS.Version, uint16(tls.VersionTLS12))

	_, err = (&tls.Dialer{Config: &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11}}).DialContext(t.Context(), "tcp", addr) // the server must refuse it
	require.Error(t, err)
	p.terminate()
}

// ownCertificate writes a certificate for the loopback that pool trusts.
func ownCertificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	folder := t.TempDir()
	certFile, keyFile, pool = filepath.Join(folder, "server.pem"), filepath.Join(folder, "server.key"), x509.NewCertPool()
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool.AddCert(parsed)
	return certFile, keyFile, pool
}
