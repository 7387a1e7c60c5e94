package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const (
	// documentCost is the largest cost of a payload: it is made for every event. The query of
	// the log around it counts as if it looked for its record.
	documentCost = 1_000 + eventlog.MaxScanned
	// documentTime bounds how long a payload may take to be made.
	documentTime = 10 * time.Second
	// documentsKept is how many validated documents are kept.
	documentsKept = 200
)

// webhookDocuments run the selections of endpoints, as the callers that their API keys are.
type webhookDocuments struct {
	schema *ast.Schema
	exec   *executor.Executor
	fields map[string]int
}

func newWebhookDocuments(schema graphql.ExecutableSchema, fields map[string]int, extensions ...graphql.HandlerExtension) *webhookDocuments {
	exec := executor.New(schema)
	exec.SetQueryCache(lru.New[*ast.QueryDocument](documentsKept))
	exec.SetRecoverFunc(resolvers.Recover)
	for _, e := range extensions {
		exec.Use(e)
	}
	return &webhookDocuments{schema: schema.Schema(), exec: exec, fields: fields}
}

// operationOf is the operation that makes a payload: the record with one sequence, if the
// caller may see it.
func operationOf(document string) string {
	return "query Webhook($at: Sequence!) { eventLog(from: {sequence: $at}, first: 1) { nodes { webhookSequence: sequence ... on LoggedEvent " + document + " } } }"
}

// CheckSelection refuses a selection, which CheckDocument passed, with a field that the key
// cannot read.
func (d *webhookDocuments) CheckSelection(key access.Access, document string) error {
	doc, invalid := gqlparser.LoadQueryWithRules(d.schema, operationOf(document), rules.NewDefaultRules())
	if invalid != nil {
		return inbox.Invalid("document", "document cannot be used: %s.", invalid[0].Message)
	}
	return resolvers.CheckSelection(d.schema, doc.Operations[0], map[string]any{"at": "1"}, key)
}

// CheckDocument refuses a selection that is not valid or costs too much.
func (d *webhookDocuments) CheckDocument(_ context.Context, document string) error {
	alone, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil || len(alone.Operations) != 1 || len(alone.Fragments) > 0 || !strings.HasPrefix(strings.TrimSpace(document), "{") {
		return inbox.Invalid("document", "document must be one selection in braces, such as { event { id kind } }, without fragments of its own.")
	}
	limits := guard.Limits{Cost: documentCost, Depth: 12}
	if refused := guard.CheckDocument(d.schema, operationOf(document), map[string]any{"at": "1"}, limits, d.fields); refused != nil {
		return inbox.Invalid("document", "document cannot be used: %s.", refused.Message)
	}
	return nil
}

// data runs the document of an endpoint on one record. seen is false if its key may not
// see the record; data is nil if nothing can be made of the document any longer.
func (d *webhookDocuments) data(ctx context.Context, w workspace.Webhook, at eventlog.Sequence) (data json.RawMessage, seen bool, err error) {
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(auth.NewContext(ctx, webhooks.Principal(w))), documentTime)
	defer cancel()
	now := graphql.Now()
	op, refused := d.exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query: operationOf(w.Document), Variables: map[string]any{"at": fmt.Sprint(at)}, ReadTime: graphql.TraceTiming{Start: now, End: now},
	})
	if refused != nil { // a field of it is gone
		return nil, true, nil
	}
	next, ctx := d.exec.DispatchOperation(ctx, op)
	resp := next(ctx)
	if resp == nil { // what a handler answers whose context has ended
		return nil, false, fmt.Errorf("make the payload of a webhook: %w", context.Cause(ctx))
	}
	if err := unavailable(resp.Errors); err != nil {
		return nil, false, err
	}
	return nodeAt(resp.Data, at)
}

// unavailable is the first of the errors that passes by itself.
func unavailable(all gqlerror.List) error {
	for _, e := range all {
		var typed *inbox.Error
		if e.Extensions["code"] == string(inbox.Unavailable) || errors.As(e.Err, &typed) && typed.Code == inbox.Unavailable || errors.Is(e.Err, context.DeadlineExceeded) {
			return fmt.Errorf("make the payload of a webhook: %w", e)
		}
	}
	return nil
}

// nodeAt takes the record out of an answer. Another record than the one that was asked for
// means that this one was left out.
func nodeAt(answer json.RawMessage, at eventlog.Sequence) (json.RawMessage, bool, error) {
	var data struct {
		EventLog *struct{ Nodes []map[string]json.RawMessage }
	}
	if err := json.Unmarshal(answer, &data); err != nil || data.EventLog == nil {
		return nil, true, nil
	}
	for _, n := range data.EventLog.Nodes {
		if string(n["webhookSequence"]) == fmt.Sprintf("%q", fmt.Sprint(at)) {
			delete(n, "webhookSequence")
			out, err := json.Marshal(n)
			return out, true, err
		}
	}
	return nil, false, nil
}
