package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newCertificate writes a certificate for 127.0.0.1 with a serial number to tell
// it by, and gives the files.
func newCertificate(t *testing.T, folder string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(folder, "server.pem"), filepath.Join(folder, "server.key")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return certFile, keyFile
}

// serial connects and gives the number of the certificate that is shown.
func serial(t *testing.T, addr string) int64 {
	t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", addr) // only the number is looked at
	require.NoError(t, err)
	defer conn.Close()
	shown, ok := conn.(*tls.Conn)
	require.True(t, ok)
	return shown.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// A certificate that is replaced is shown to who connects next; one that cannot
// be used is not, and said so.
func TestCertificatesAreTakenUpWhenTheyChange(t *testing.T) {
	folder := t.TempDir()
	certFile, keyFile := newCertificate(t, folder, 1)
	var log bytes.Buffer
	pair, err := openCertificate(certFile, keyFile, slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	now := time.Now()
	pair.now = func() time.Time { now = now.Add(lookEvery); return now }

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	web := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	done := make(chan error)
	go func() { done <- serveWeb(web, encrypted{listener, pair.config()}) }()
	addr := listener.Addr().String()
	require.EqualValues(t, 1, serial(t, addr))

	newCertificate(t, folder, 2)
	require.EqualValues(t, 2, serial(t, addr))
	whole, err := os.ReadFile(keyFile)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(keyFile, []byte("half a file"), 0o600))
	require.EqualValues(t, 2, serial(t, addr))
	require.Contains(t, log.String(), "the old one stays in use")
	require.NotContains(t, log.String(), "half a file")
	require.NoError(t, os.Remove(certFile))
	require.EqualValues(t, 2, serial(t, addr))
	require.NoError(t, os.WriteFile(keyFile, whole, 0o600))
	newCertificate(t, folder, 3)
	require.EqualValues(t, 3, serial(t, addr))

	require.NoError(t, web.Close())
	require.ErrorIs(t, <-done, http.ErrServerClosed)
}

func TestCertificatesThatCannotBeUsed(t *testing.T) {
	folder := t.TempDir()
	certFile, keyFile := newCertificate(t, folder, 1)
	_, err := openCertificate(keyFile, certFile, slog.New(slog.DiscardHandler))
	require.Equal(t, exitUsage, exitOf(err))
	require.ErrorContains(t, err, certFile)
	got := runTest(t, newDeps(), nil, "serve", "--memory", "--addr", "127.0.0.1:0", "--tls-cert", "testdata/settings.json", "--tls-key", keyFile)
	require.Equal(t, exitUsage, got.code)
	require.Contains(t, got.stderr, "--tls-cert testdata/settings.json")
}

func TestHeaders(t *testing.T) {
	for encrypted, hsts := range map[bool]string{true: "max-age=31536000", false: ""} {
		handler := hardened(encrypted, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
		answer := answerOf(t, handler)
		require.Equal(t, hsts, answer.Get("Strict-Transport-Security"))
		require.Equal(t, "default-src 'none'; frame-ancestors 'none'", answer.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", answer.Get("X-Content-Type-Options"))
		require.Equal(t, "no-referrer", answer.Get("Referrer-Policy"))
		require.Equal(t, "DENY", answer.Get("X-Frame-Options"))
	}
}
