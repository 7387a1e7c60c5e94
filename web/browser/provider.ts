import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** An OpenID Connect provider that runs inside the tests. Everybody signs in by their address; the address is their subject too. */
export interface TestProvider {
  issuer: string
  /** Makes it answer with 503, or again as it should. */
  down: (down: boolean) => void
  /** What was asked of the token endpoint, by grant. */
  grants: string[]
  /** From now on refresh tokens are refused. */
  refuseRenewal: () => void
  close: () => Promise<void>
}

export const CLIENT = 'switchboard-pages'

/** Starts a provider whose one client is a program at origin. */
export async function openProvider(origin: () => string, { idTokenTTL = 3600, workspace = 'demo' } = {}): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const grants: string[] = []
  let [down, renews] = [false, true]
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT, token_endpoint_auth_method: 'none', response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${origin()}/signed-in`], post_logout_redirect_uris: [`${origin()}/signed-in`],
      },
    ],
    claims: { openid: ['sub', 'workspace'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    cookies: { keys: ['a key of the tests'] },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { IdToken: idTokenTTL, AccessToken: idTokenTTL, AuthorizationCode: 60, Grant: 86_400, Interaction: 600, RefreshToken: 86_400, Session: 86_400 },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: async (_context, id) => ({
      accountId: id, claims: async () => ({ sub: id, email: id, email_verified: true, workspace }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
      grant.addOIDCScope('openid email offline_access')
      await grant.save()
      return grant
    },
    pkce: { required: () => true },
  })
  const callback = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url!, issuer)
    if (down) return void response.writeHead(503, { 'access-control-allow-origin': '*' }).end()
    if (pathname.startsWith('/interaction/')) return void interact(provider, request, response, pathname, searchParams.get('as'))
    if (pathname === '/token' && request.method === 'POST') {
      // The body is read by the provider; what passes by is looked at.
      request.on('data', (data: Buffer) => grants.push(/grant_type=([a-z_]+)/.exec(data.toString())?.[1] ?? ''))
      if (!renews && grants.includes('authorization_code')) return void refuse(request, response)
    }
    void callback(request, response)
  })
  return {
    issuer, grants,
    down: (now) => void (down = now),
    refuseRenewal: () => void (renews = false),
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  }
}

/** A page that asks whether the provider, too, is to forget who signed in. */
const logoutSource = async (context: { body: unknown }, form: string) => {
  context.body = `<!doctype html><title>Provider</title><h1>Sign out?</h1>${form}<button form="op.logoutForm" type="submit" name="logout" value="yes">Sign out here, too</button>`
}

function refuse(request: IncomingMessage, response: ServerResponse) {
  request.resume()
  request.on('end', () =>
    response
      .writeHead(400, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
      .end(JSON.stringify({ error: 'invalid_grant', error_description: 'the grant was revoked' })),
  )
}

/** A page to sign in on: one link for each person, and one to cancel. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse, pathname: string, as: string | null) {
  if (as === 'cancel') {
    return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'End-User aborted interaction' })
  }
  if (as) return provider.interactionFinished(request, response, { login: { accountId: as } })
  const links = ['manager@demo.test', 'agent1@demo.test', 'stranger@demo.test', 'cancel'].map((who) => `<p><a href="${pathname}?as=${who}">${who}</a></p>`)
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Provider</title><h1>Provider</h1>${links.join('')}`)
}
