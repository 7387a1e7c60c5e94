// Package transport serves GraphQL over HTTP and over WebSocket (the
// graphql-transport-ws protocol) on gqlgen's executor.
//
// It knows nothing of who asks: a [guard.Authenticator] turns a bearer token into a
// [guard.Identity], and the identity puts its own principal into the context that
// resolvers see. Package guard also refuses hostile documents before gqlgen validates
// them, and says what an operation costs.
//
// # HTTP
//
// POST takes application/json; GET takes queries only. The answer is
// application/json unless the client names application/graphql-response+json.
// With the latter a document that does not parse or validate is 400, with the
// former it is 200. Every refusal has the shape
// {"errors":[{"message":...,"extensions":{"code":...}}]}.
//
//	400 BAD_REQUEST             not JSON, batch, wrong parameter, subscription over HTTP
//	401 UNAUTHENTICATED         no token, invalid, expired (with WWW-Authenticate)
//	403 FORBIDDEN_ORIGIN        WebSocket upgrade from a foreign origin
//	403 a code of the program   a known caller who is not let in for now
//	405 METHOD_NOT_ALLOWED      other methods; a mutation by GET (Allow: POST)
//	406 NOT_ACCEPTABLE          neither media type is accepted
//	408 BAD_REQUEST             the body took too long to arrive
//	413 PAYLOAD_TOO_LARGE       body over the limit
//	415 UNSUPPORTED_MEDIA_TYPE  body is not application/json in UTF-8, or is compressed
//	429 RATE_LIMITED            too much asked in a short time, or at once; too many connections
//	                            from one address (with Retry-After)
//	500 INTERNAL                a panic outside of a resolver
//	503 UNAVAILABLE             the identity store is down, the server is busy or stopping
//
// On a socket the same codes come as an error message for the operation.
//
// # Event streams
//
// With Accept: text/event-stream the operation of a POST or GET is answered in the
// distinct connections mode of GraphQL over SSE: "next" for each result,
// "complete" at its end, comments to keep the connection alive. Errors of the
// operation are the last result. A stream that ends before it is complete, because
// the server stops, the token expires or the client does not read, is an aborted
// connection: clients come back and resume. 503 and 429 refuse one too many.
//
// In the single connection mode of that protocol, PUT reserves a stream and answers with
// its token, GET with the token opens it, a POST with the token begins an operation,
// which is named by extensions.operationId, and DELETE?operationId= stops one. PUT, POST
// and DELETE need the caller's Authorization; the token alone opens the stream, once and
// soon, since EventSource can send nothing else.
//
//	201 the token               PUT
//	202                         POST: the results come on the stream
//	200                         DELETE, also of what has ended already
//	400 BAD_REQUEST             no operationId
//	404 BAD_REQUEST             no stream of this caller has the token
//	409 BAD_REQUEST             the stream is open already, or not yet; the operationId is used
//	429 LIMIT_EXCEEDED          too many operations on the stream
//	429 RATE_LIMITED            too many streams are reserved and not opened
//
// # WebSocket close codes
//
// "Comes back" says what the graphql-ws client does: it gives up for good on
// 4004, 4005, 4400, 4401, 4406, 4409, 4429, 4500 and on every 1xxx except 1000,
// 1001, 1005, 1006 and 1012 to 1014; after all others it connects again and
// repeats its subscriptions.
//
//	code  when                                               comes back
//	1002  broken WebSocket framing                            no
//	1009  a message over the read limit                      no
//	1012  the server is shutting down                        yes
//	1013  the reader is too slow: its outgoing queue is full yes
//	1013  the peer answered no ping in time                  yes
//	1013  the identity store is unavailable                  yes
//	1013  too many connections of this identity              yes
//	1013  operations were refused too often                  yes
//	4400  malformed message, unknown type, bad payload       no
//	4401  subscribe before connection_ack                    no
//	4403  token missing, invalid, or expired                 yes, with a new token
//	4403  a known caller who is not let in for now           yes
//	4406  graphql-transport-ws was not offered               no
//	4408  no connection_init in time                         yes
//	4409  an operation with that id is running               no
//	4429  connection_init twice                              no
//	4500  a fault of this package                            no
//
// 1013 (try again later) was chosen for a slow reader because a code of its own
// would be unknown to most clients, while every client that knows close codes
// retries after 1013. It serves every cause that passes, and the codes after which
// clients give up only what they would do wrong again. The reason text tells the cases apart. A peer that
// reads nothing at all cannot be told: it sees 1006, which is retried as well.
//
// A token that expires closes the socket without completing its subscriptions:
// a complete would tell the client that all is well and nothing more will come.
//
// One operation too many on a socket is no reason to cut the others off: it is
// answered with an error message, code LIMIT_EXCEEDED, and the socket lives on.
//
// # Parts
//
// wsconn is one WebSocket connection: a bounded queue of prebuilt frames whose Send
// never blocks, so one slow client holds up nobody. guard identifies callers and bounds
// their connections, subscriptions and operations. exec is one execution of an
// operation. fanout executes a subscription once for many clients. codes are the
// codes of errors. This package ties them to HTTP, event streams and
// graphql-transport-ws.
package transport
