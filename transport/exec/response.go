package exec

import (
	"encoding/json"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
)

// FailedRequest says whether resp answers a request that was never executed:
// it has errors and no data entry, not even null.
func FailedRequest(resp *graphql.Response) bool {
	return resp.Data == nil && len(resp.Errors) > 0
}

// AppendResponse appends resp as JSON. It copies resp.Data, which generated code
// reuses for the next event of a subscription. Data is taken to be valid JSON.
func AppendResponse(buf []byte, resp *graphql.Response) []byte {
	buf = append(buf, '{')
	if len(resp.Errors) > 0 {
		buf = append(append(append(buf, `"errors":`...), codes.Encode(resp.Errors)...), ',')
	}
	if !FailedRequest(resp) {
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
