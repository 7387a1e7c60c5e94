package transport

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
)

// failedRequest says whether resp answers a request that was never executed:
// it has errors and no data entry, not even null.
func failedRequest(resp *graphql.Response) bool {
	return resp.Data == nil && len(resp.Errors) > 0
}

// appendResponse appends resp as JSON. It copies resp.Data, which generated code
// reuses for the next event of a subscription. Data is taken to be valid JSON.
func appendResponse(buf []byte, resp *graphql.Response) []byte {
	buf = append(buf, '{')
	if len(resp.Errors) > 0 {
		buf = append(append(append(buf, `"errors":`...), encodeErrors(resp.Errors)...), ',')
	}
	if !failedRequest(resp) {
		buf = append(buf, `"data":`...)
		if resp.Data == nil {
			buf = append(buf, "null"...)
		}
		buf = append(append(buf, resp.Data...), ',')
	}
	if len(resp.Extensions) > 0 {
		if ext, err := json.Marshal(resp.Extensions); err == nil {
			buf = append(append(append(buf, `"extensions":`...), ext...), ',')
		}
	}
	buf[len(buf)-1] = '}'
	return buf
}
