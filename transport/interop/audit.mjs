// Runs the GraphQL-over-HTTP audits of graphql-http against the server at argv[2]
// and prints one JSON line: how many there are, and those that did not pass.
import { auditServer } from 'graphql-http'

const authorized = (url, init = {}) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: 'Bearer good' } })

const results = await auditServer({ url: process.argv[2], fetchFn: authorized })
const failed = results
  .filter((result) => result.status !== 'ok')
  .map(({ id, name, status, reason }) => ({ id, name, status, reason }))
console.log(JSON.stringify({ total: results.length, failed }))
