package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"switchboard/auth"
	"switchboard/budget"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/store"
)

// linkBody bounds what a page sends to sign in by a link, and linkTime how long that
// may take.
const (
	linkBody = 2 * auth.MaxToken
	linkTime = 10 * time.Second
	// linksPerMinute and linkBurst bound how often one link or session asks. Windows
	// that renew one session at a time need one an hour.
	linksPerMinute = 6
	linkBurst      = 20
)

// links answers pages that sign in by a login link: POST /login/begin, /login/renew
// and /login/end, each with one secret in a body of JSON. Secrets are never in an
// address and never logged.
type links struct {
	links auth.Links
	log   *slog.Logger
}

// newLinks is nil where people sign in at a provider.
func newLinks(who *identity, stored store.Engine, log *slog.Logger) (*links, error) {
	if who.members == nil {
		return nil, nil
	}
	rates := budget.NewRates(float64(linksPerMinute)/60, linkBurst)
	allow := func(id string) error {
		if wait, _ := budget.TakeAll(time.Now(), budget.Draw{From: rates, Name: id, N: 1}); wait > 0 {
			return desk.TooFast("This sign-in asks too often. Try again in a minute.", wait)
		}
		return nil
	}
	return &links{auth.Links{Secrets: who.secrets.LinkSecrets(), Members: who.members, Sessions: stored, Directory: stored.Directory, Allow: allow}, log}, nil
}

// signedIn is the answer to a page.
type signedIn struct {
	Token     string `json:"token"`
	ExpiresIn int    `json:"expiresIn"` // seconds, whatever the page's clock says
	Renewal   string `json:"renewal"`
	Name      string `json:"name"`
	Workspace string `json:"workspace"`
}

// routes adds the three addresses.
func (l *links) routes(mux *http.ServeMux) {
	for path, ask := range map[string]func(context.Context, string) (auth.LinkSignIn, error){
		"/login/begin": l.links.Begin, "/login/renew": l.links.Renew,
		"/login/end": func(ctx context.Context, secret string) (auth.LinkSignIn, error) {
			return auth.LinkSignIn{}, l.links.End(ctx, secret)
		},
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { l.answer(w, r, ask) })
	}
}

func (l *links) answer(w http.ResponseWriter, r *http.Request, ask func(context.Context, string) (auth.LinkSignIn, error)) {
	ctx, cancel := context.WithTimeout(r.Context(), linkTime)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	secret, err := linkSecret(w, r)
	if err != nil {
		l.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	got, err := ask(ctx, secret)
	var typed *inbox.Error
	switch {
	case err == nil:
		l.write(w, http.StatusOK, signedIn{got.Token, int(got.Holds.Seconds()), got.Renewal, got.Name, got.Workspace})
	case errors.As(err, &typed) && typed.Code == inbox.Unauthenticated:
		l.refuse(w, http.StatusUnauthorized, typed.Message)
	case errors.As(err, &typed) && typed.Code == inbox.WorkspaceSuspended:
		l.refuse(w, http.StatusForbidden, typed.Message)
	case errors.As(err, &typed) && typed.Code == inbox.RateLimited:
		l.refuse(w, http.StatusTooManyRequests, typed.Message)
	default:
		l.log.Warn("a sign-in by a link could not be judged", "error", err)
		l.refuse(w, http.StatusServiceUnavailable, "The sign-in cannot be judged right now. Try again in a few seconds.")
	}
}

// linkSecret reads the one secret of a request. The type of its body is one that
// pages of other sites cannot send.
func linkSecret(w http.ResponseWriter, r *http.Request) (string, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return "", errors.New("send application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, linkBody))
	var in struct {
		Secret string `json:"secret"`
	}
	if err != nil || json.Unmarshal(body, &in) != nil {
		return "", errors.New(`send a JSON object with a "secret"`)
	}
	return in.Secret, nil
}

func (l *links) refuse(w http.ResponseWriter, status int, message string) {
	l.write(w, status, map[string]string{"message": message})
}

func (l *links) write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the reader may be gone
}
